import fc from "fast-check";
import { expect, test } from "vitest";
import { long } from "../serdes/numbers.ts";
import { string } from "../serdes/string.ts";
import { MemoryKeyValueStore } from "./memory-key-value-store.ts";
import { MemoryWindowStore } from "./memory-window-store.ts";
import type { ChangelogWriter } from "./state-store.ts";
import { keyValueStore, windowStore } from "./store-definition.ts";
import type { StoreHooks } from "./store-hooks.ts";

const hooks = (): StoreHooks<string, number> => ({
  timestamp: () => 0,
  writeThrough: undefined,
  expireInChangelog: true,
});

/** A changelog topic as compaction would leave it: the last value of each key. */
class Changelog {
  readonly #rows = new Map<string, { readonly value: Buffer; readonly timestamp: number }>();
  writes = 0;

  readonly write: ChangelogWriter = (key, value, timestamp) => {
    this.writes++;
    const name = Buffer.from(key).toString("hex");
    if (value === null) this.#rows.delete(name);
    else this.#rows.set(name, { value: Buffer.from(value), timestamp });
  };

  restore(store: { restore(key: Buffer, value: Buffer | null, timestamp: number): void }): void {
    for (const [name, { value, timestamp }] of this.#rows)
      store.restore(Buffer.from(name, "hex"), value, timestamp);
  }
}

const listed = (store: MemoryWindowStore<string, number>) =>
  [...store.fetchAll(0, 1_000)].map(({ key, start, value }) => ({ key, start, value }));

const keys = fc.constantFrom("a", "b", "ba", "ä", "");

test("a key-value store is a sorted map, and its changelog makes it again", () => {
  const definition = keyValueStore("kv", { key: string(), value: long() });
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant("put" as const), key: keys, value: fc.nat() }),
      fc.record({ do: fc.constant("delete" as const), key: keys }),
      fc.record({ do: fc.constant("flush" as const) }),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(steps, keys, keys, (all, from, to) => {
      const store = new MemoryKeyValueStore(definition, hooks());
      const model = new Map<string, number>();
      const changelog = new Changelog();
      for (const step of all) {
        if (step.do === "put") {
          store.put(step.key, step.value);
          model.set(step.key, step.value);
        } else if (step.do === "delete") {
          store.delete(step.key);
          model.delete(step.key);
        } else store.flush(changelog.write);
        const sorted = [...model].toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect([...store.all()]).toEqual(sorted);
        expect([...store.range(from, to)]).toEqual(
          sorted.filter(
            ([key]) =>
              Buffer.compare(Buffer.from(key), Buffer.from(from)) >= 0 &&
              Buffer.compare(Buffer.from(key), Buffer.from(to)) <= 0,
          ),
        );
        for (const key of ["a", "b"]) expect(store.get(key)).toBe(model.get(key));
      }
      store.flush(changelog.write);
      expect(store.dirty).toBe(false);
      const again = new MemoryKeyValueStore(definition, hooks());
      changelog.restore(again);
      expect([...again.all()]).toEqual([...store.all()]);
    }),
  );
});

test("writes a row once per flush, however often it changed, and not at all if it came and went", () => {
  const store = new MemoryKeyValueStore(keyValueStore("kv", { key: string(), value: long() }), hooks());
  const changelog = new Changelog();
  for (let n = 0; n < 10; n++) store.put("a", n);
  store.put("b", 1);
  store.delete("b");
  store.flush(changelog.write);
  expect(changelog.writes).toBe(1);
  store.flush(changelog.write);
  expect(changelog.writes).toBe(1);
});

test("a window store keeps what is within its retention, and so does its changelog", () => {
  const size = 10;
  const retention = 30;
  const definition = windowStore("w", { key: string(), value: long(), windowSize: size, retention });
  const steps = fc.array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          do: fc.constant("put" as const),
          key: keys,
          window: fc.nat(12),
          value: fc.nat(),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant("delete" as const), key: keys, window: fc.nat(12) }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("flush" as const) }) },
    ),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const store = new MemoryWindowStore(definition, hooks());
      const changelog = new Changelog();
      let rows: { key: string; start: number; value: number }[] = [];
      let observed = -1;
      const without = (key: string, start: number) =>
        rows.filter((row) => row.key !== key || row.start !== start);
      for (const step of all) {
        if (step.do === "flush") {
          store.flush(changelog.write);
          continue;
        }
        const start = step.window * size;
        if (step.do === "delete") {
          store.delete(step.key, start, start);
          rows = without(step.key, start);
          continue;
        }
        store.put(step.key, start, step.value, start);
        observed = Math.max(observed, start);
        rows = [...without(step.key, start), { key: step.key, start, value: step.value }].filter(
          (row) => row.start > observed - retention,
        );
      }
      const expected = rows.toSorted(
        (a, b) => a.start - b.start || Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)),
      );
      expect(listed(store)).toEqual(expected);
      store.flush(changelog.write);
      const again = new MemoryWindowStore(definition, hooks());
      changelog.restore(again);
      expect(listed(again)).toEqual(expected);
    }),
  );
});
