import assert from "node:assert/strict";
import { long } from "../../serdes/numbers.ts";
import { string } from "../../serdes/string.ts";
import type { KeyValueStore, ReadOnlyKeyValueStore } from "../../state/key-value-store.ts";
import { keyValueStore } from "../../state/store-definition.ts";
import type { Dice } from "./dice.ts";
import type { StoreModel } from "./history.ts";

interface Kept {
  readonly value: number;
  readonly timestamp: number;
}

const keys = ["a", "b", "ba", "bb", "ä", "￿", "🎟", "", "z"];

const bytewise = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Whether all reads answer what the state has. */
const readsAs = (
  store: ReadOnlyKeyValueStore<string, number>,
  state: Map<string, Kept>,
  dice: Dice,
): void => {
  const sorted = [...state]
    .map(([key, { value }]) => [key, value] as const)
    .toSorted(([a], [b]) => bytewise(a, b));
  for (const key of keys) {
    assert.equal(store.get(key), state.get(key)?.value);
    assert.equal(store.has(key), state.has(key));
  }
  assert.deepEqual([...store.all()], sorted);
  assert.deepEqual([...store.reverseAll()], sorted.toReversed());
  const from = dice.below(3) === 0 ? undefined : dice.of(keys);
  const to = dice.below(3) === 0 ? undefined : dice.of(keys);
  const inside = sorted.filter(
    ([key]) =>
      (from === undefined || bytewise(key, from) >= 0) && (to === undefined || bytewise(key, to) <= 0),
  );
  assert.deepEqual([...store.range(from, to)], inside);
  assert.deepEqual([...store.reverseRange(from, to)], inside.toReversed());
  const prefix = Buffer.from(dice.of(keys)).subarray(0, 1);
  assert.deepEqual(
    [...store.prefixScan(prefix)],
    sorted.filter(([key]) => Buffer.from(key).subarray(0, prefix.length).equals(prefix)),
  );
};

/** A key-value store is a sorted map. */
export const keyValueModel: StoreModel<KeyValueStore<string, number>, Map<string, Kept>> = {
  definition: keyValueStore("contract-key-value", { key: string(), value: long() }),
  empty: new Map(),
  copy: (state) => new Map(state),
  rows: (state) => state.size,

  change(store, state, dice) {
    const key = dice.of(keys);
    const timestamp = dice.below(1_000);
    const value = dice.below(5);
    switch (dice.below(5)) {
      case 0:
        store.delete(key, timestamp);
        state.delete(key);
        return;
      case 1:
        assert.equal(store.putIfAbsent(key, value, timestamp), state.get(key)?.value);
        if (!state.has(key)) state.set(key, { value, timestamp });
        return;
      case 2: {
        const row = store.row(key);
        if (row === undefined) store.insert(key, value, timestamp);
        else store.update(row, value, timestamp);
        break;
      }
      default:
        store.put(key, value, timestamp);
    }
    state.set(key, { value, timestamp });
  },

  check(store, state, dice) {
    for (const key of keys) assert.equal(store.row(key)?.timestamp, state.get(key)?.timestamp);
    readsAs(store, state, dice);
  },

  walk(store, _state, dice) {
    const reverse = dice.below(2) === 0;
    const from = dice.below(3) === 0 ? undefined : dice.of(keys);
    const to = dice.below(3) === 0 ? undefined : dice.of(keys);
    const prefix = Buffer.from(dice.of(keys)).subarray(0, 1);
    const byPrefix = dice.below(4) === 0;
    const isInside = (key: string): boolean =>
      byPrefix
        ? Buffer.from(key).subarray(0, prefix.length).equals(prefix)
        : (from === undefined || bytewise(key, from) >= 0) && (to === undefined || bytewise(key, to) <= 0);
    const all = from === undefined && to === undefined;
    const read = reverse
      ? () => (all ? store.reverseAll() : store.reverseRange(from, to))
      : () => (all ? store.all() : store.range(from, to));
    return {
      items: byPrefix ? store.prefixScan(prefix) : read(),
      of: (now) => {
        const rows = [...now]
          .filter(([key]) => isInside(key))
          .map(([key, { value }]) => [key, [key, value]] as const)
          .toSorted(([a], [b]) => bytewise(a, b));
        return reverse && !byPrefix ? rows.toReversed() : rows;
      },
    };
  },

  growing: (store) => {
    const put = (key: number): void => store.put(String(key), 1, 1);
    return [
      { read: () => store.all(), put: (turn) => put(5_000 + turn) },
      { read: () => store.range("5", "6"), put: (turn) => put(5_000 + turn) },
      { read: () => store.prefixScan(Buffer.from("5")), put: (turn) => put(5_000 + turn) },
      { read: () => store.reverseAll(), put: (turn) => put(5_000 - turn) },
      { read: () => store.reverseRange("3", "6"), put: (turn) => put(5_000 - turn) },
    ];
  },

  checkCommitted: (store, state, dice) => readsAs(store.committedView(), state, dice),

  follow: (store, check) => store.onFlush(({ key, value }, old) => check(key, value, old)),
};
