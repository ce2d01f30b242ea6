import fc from "fast-check";
import { expect, test } from "vitest";
import { MemoryByteStore } from "../testing/memory-byte-store.ts";
import { bytes } from "../serdes/bytes.ts";
import { changelogRow } from "./changelog-row.ts";
import { keptRows } from "./kept-rows.ts";
import { openStore } from "./open-store.ts";
import type { RawRow } from "./raw-row.ts";
import {
  joinStore,
  keyValueStore,
  sessionStore,
  type StoreDefinition,
  versionedStore,
  windowStore,
} from "./store-definition.ts";
import type { StoreHooks } from "./store-hooks.ts";

const forEver = Number.MAX_SAFE_INTEGER;
const serdes = { key: bytes(), value: bytes() };

/** What a store was told: a key, a value or a deletion, two times. */
interface Change {
  readonly key: Buffer;
  readonly value: Buffer | null;
  readonly at: number;
  readonly for: number;
}

const buffers = fc.uint8Array({ maxLength: 4 }).map((some) => Buffer.from(some));
const changes = fc.array(
  fc.record({
    key: buffers,
    value: fc.option(buffers),
    at: fc.integer({ min: 0, max: 2 ** 40 }),
    for: fc.integer({ min: 0, max: 9 }),
  }),
  { maxLength: 30 },
);

/** A store above a byte store, whose changelog is compacted here. */
const world = (versions: boolean) => {
  const kept = new MemoryByteStore();
  const changelog = new Map<string, { key: Buffer; value: Buffer | null; timestamp: number }>();
  const hooks: StoreHooks = {
    timestamp: () => 7,
    writeThrough: false,
    expireInChangelog: true,
    bytes: kept,
    refused: (error) => {
      throw error;
    },
    write: (key, value, timestamp) => {
      const name = Buffer.from(key).toString("hex") + (versions ? `/${timestamp}` : "");
      if (value === null && !versions) changelog.delete(name);
      else changelog.set(name, { key: Buffer.from(key), value: value && Buffer.from(value), timestamp });
    },
  };
  return { kept, changelog, hooks };
};

/** What a store shows of a row. */
interface Shown {
  readonly key: Uint8Array;
  readonly start?: number | undefined;
  readonly value: Uint8Array | null | undefined;
}

const hex = (some: Uint8Array | null | undefined): string | null =>
  some == null ? null : Buffer.from(some).toString("hex");

const fields = ({ key, start, value }: Shown): string => JSON.stringify([hex(key), start, hex(value)]);

const shown = (rows: Iterable<RawRow>): readonly string[] =>
  [...rows]
    .map(({ key, value, ...rest }) =>
      JSON.stringify({ ...rest, key: key.toString("hex"), value: value?.toString("hex") ?? null }),
    )
    .toSorted();

const kinds: Readonly<
  Record<StoreDefinition["kind"], (hooks: StoreHooks, all: readonly Change[]) => readonly Shown[] | undefined>
> = {
  keyValue: (hooks, all) => {
    const store = openStore(keyValueStore("s", serdes), hooks);
    for (const { key, value, at } of all)
      if (value === null) store.delete(key);
      else store.put(key, value, at);
    committed(store);
    return [...store.all()].map(([key, value]) => ({ key, value }));
  },
  window: (hooks, all) => {
    const store = openStore(windowStore("s", { ...serdes, windowSize: 5, retention: forEver }), hooks);
    for (const { key, value, at } of all)
      if (value === null) store.delete(key, at, at);
      else store.put(key, at, value, at);
    committed(store);
    return [...store.fetchAll(0, forEver)].map(({ key, start, value }) => ({ key, start, value }));
  },
  session: (hooks, all) => {
    const store = openStore(sessionStore("s", { ...serdes, retention: forEver }), hooks);
    for (const { key, value, at, for: length } of all)
      if (value === null) store.delete(key, at, at + length, at);
      else store.put(key, at, at + length, value, at);
    committed(store);
    return undefined;
  },
  join: (hooks, all) => {
    const store = openStore(joinStore("s", { ...serdes, retention: forEver }), hooks);
    for (const { key, value, at } of all) store.put(key, at, value ?? Buffer.alloc(0));
    committed(store);
    return [...store.fetchAll(0, forEver)].map(({ key, start, value }) => ({ key, start, value }));
  },
  versioned: (hooks, all) => {
    const store = openStore(versionedStore("s", { ...serdes, historyRetention: forEver }), hooks);
    for (const { key, value, at } of all) store.put(key, value, at);
    committed(store);
    return undefined;
  },
};

const committed = (store: {
  flush(): boolean | void;
  seal(epoch: number): void;
  committed(epoch: number, position: number): void;
}): void => {
  store.flush();
  store.seal(1);
  store.committed(1, 1);
};

test.each(Object.keys(kinds) as readonly StoreDefinition["kind"][])(
  "a %s store's byte store and its changelog, read as bytes, hold the same rows, which are those that it shows",
  (kind) => {
    fc.assert(
      fc.property(changes, (all) => {
        const { kept, changelog, hooks } = world(kind === "versioned");
        const own = kinds[kind](hooks, all);
        const rows = [...keptRows(kind, kept)];
        expect(shown([...changelog.values()].map((record) => changelogRow(kind, record)))).toEqual(
          shown(rows),
        );
        expect(rows.map(fields).toSorted()).toEqual((own ?? rows).map(fields).toSorted());
      }),
      { numRuns: 50 },
    );
  },
);

test("a changelog that is one of another kind is refused", () => {
  expect(() => changelogRow("window", { key: Buffer.from("k"), value: null, timestamp: 0 })).toThrow(
    "a key of 1 bytes is none of a window store's changelog, which takes at least 12",
  );
});
