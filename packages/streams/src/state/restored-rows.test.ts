import fc from "fast-check";
import { expect, test } from "vitest";
import type { Serde } from "../serde.ts";
import { long } from "../serdes/numbers.ts";
import { string } from "../serdes/string.ts";
import type { CachedKeyValueStore } from "./cached-key-value-store.ts";
import { openStore } from "./open-store.ts";
import type { ChangelogRecords } from "./state-store.ts";
import { keyValueStore } from "./store-definition.ts";
import type { StoreHooks } from "./store-hooks.ts";

interface Written {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

const recordsOf = (written: readonly Written[], from = 0): ChangelogRecords => {
  let at = -1;
  const cursor = {
    buffer: Buffer.alloc(0),
    offset: -1,
    timestamp: 0,
    keyStart: 1,
    keyEnd: 0,
    valueStart: 0,
    valueEnd: 0,
    advance: () => {
      const next = written[++at];
      if (next === undefined) return false;
      const { key, value } = next;
      cursor.buffer = Buffer.concat([Buffer.of(0), key, Buffer.of(0), value ?? Buffer.of()]);
      cursor.offset = from + at;
      cursor.timestamp = 1_000 + from + at;
      cursor.keyEnd = 1 + key.length;
      cursor.valueStart = value === null ? -1 : 2 + key.length;
      cursor.valueEnd = value === null ? -1 : cursor.buffer.length;
      return true;
    },
  };
  return cursor;
};

const hooks: StoreHooks = {
  timestamp: () => 7,
  writeThrough: false,
  expireInChangelog: true,
  refused: (error) => {
    throw error;
  },
  write: () => undefined,
};

const open = (value: Serde<number> = long()): CachedKeyValueStore<string, number> =>
  openStore(keyValueStore("counts", { key: string(), value }), hooks) as CachedKeyValueStore<string, number>;

const put = (key: string, value: number | null): Written => ({
  key: Buffer.from(key),
  value: value === null ? null : Buffer.from(long().serialize(value) ?? []),
});

const names = fc.constantFrom("a", "b", "c", "dd", "é", "", "a longer key than the others");
const changes = fc.array(fc.tuple(names, fc.option(fc.nat(99), { freq: 3 })), { maxLength: 12 });
type Store = ReturnType<typeof open>;
type Model = Map<string, number>;
const sorted = (model: Model): [string, number][] =>
  [...model].toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
/** What a look at the store shows, and what it should. */
type Look = (store: Store, model: Model) => readonly [shown: unknown, expected: unknown];
const reads = fc.array(
  fc.oneof(
    names.map((name): Look => (store, model) => [store.get(name), model.get(name)]),
    names.map((name): Look => (store, model) => [store.told(name)?.value, model.get(name)]),
    names.map((name): Look => (store, model) => [store.committedView().get(name), model.get(name)]),
    fc.constant<Look>((store, model) => [[...store.all()], sorted(model)]),
    fc.constant<Look>((store, model) => [
      [...store.committedView().reverseAll()],
      sorted(model).toReversed(),
    ]),
    fc.constant<Look>((store, model) => [store.approximateEntries(), model.size]),
    // A transaction that is lost leaves what was restored.
    names.map((name): Look => (store, model) => {
      store.put(name, 1_000);
      store.flush();
      store.revert();
      return [store.get(name), model.get(name)];
    }),
    names.map((name): Look => (store, model) => {
      store.delete(name);
      store.revert();
      return [store.get(name), model.get(name)];
    }),
  ),
  { maxLength: 5 },
);

test("rows that were restored are there for whatever asks first, and restored over later", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(changes, reads), { maxLength: 5 }), (rounds) => {
      const store = open();
      const model: Model = new Map();
      let offset = 0;
      for (const [chunk, looks] of rounds) {
        const written = chunk.map(([key, value]) => put(key, value));
        expect(store.restore(recordsOf(written, offset), offset + written.length)).toBe(written.length);
        offset += written.length;
        for (const [key, value] of chunk) {
          if (value === null) model.delete(key);
          else model.set(key, value);
        }
        for (const look of looks) {
          const [shown, expected] = look(store, model);
          expect(shown).toEqual(expected);
        }
      }
      expect([...store.all()]).toEqual(sorted(model));
    }),
  );
});

test("a row is read when it is asked for, and not when it is restored", () => {
  let read = 0;
  const counted: Serde<number> = {
    ...long(),
    deserialize: (source, start, end) => {
      read++;
      return long().deserialize(source, start, end);
    },
  };
  const store = open(counted);
  store.restore(recordsOf(Array.from({ length: 1_000 }, (_, n) => put(`k${n}`, n))), 1_000);
  expect(read).toBe(1);
  expect(store.approximateEntries()).toBe(1_000);
  expect(store.row("k500")).toMatchObject({ key: "k500", value: 500, timestamp: 1_500 });
  expect(store.get("k500")).toBe(500);
  expect(read).toBe(2);
});

test("keys that their serde would write otherwise are found as well", () => {
  const store = open();
  const value = Buffer.from(long().serialize(5) ?? []);
  store.restore(recordsOf([put("a", 1), { key: Buffer.of(0x61, 0xff), value }]), 2);
  expect(store.get("a\u{fffd}")).toBe(5);
  expect(store.get("a")).toBe(1);
});

test("a first record that can't be read stops the restore, a later one who asks for it", () => {
  const broken = { key: Buffer.from("b"), value: Buffer.from("no long") };
  expect(() => open().restore(recordsOf([broken], 40), 41)).toThrow(
    expect.objectContaining({ code: "RESTORE", message: expect.stringContaining("offset 40") as unknown }),
  );
  const store = open();
  store.restore(recordsOf([put("a", 1), broken], 40), 42);
  expect(store.get("a")).toBe(1);
  for (const ask of [() => store.get("b"), () => [...store.all()], () => store.get("b")])
    expect(ask).toThrow(
      expect.objectContaining({ code: "RESTORE", message: expect.stringContaining("offset 41") as unknown }),
    );
});
