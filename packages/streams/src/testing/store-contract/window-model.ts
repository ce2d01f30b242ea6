import assert from "node:assert/strict";
import { long } from "../../serdes/numbers.ts";
import { string } from "../../serdes/string.ts";
import { windowStore } from "../../state/store-definition.ts";
import type { ReadOnlyWindowStore, WindowStore } from "../../state/window-store.ts";
import type { Dice } from "./dice.ts";
import type { StoreModel } from "./history.ts";

interface Kept {
  readonly key: string;
  readonly start: number;
  readonly value: number;
  readonly timestamp: number;
}

/** `observed` is the greatest start ever written. */
interface Windows {
  rows: readonly Kept[];
  observed: number;
}

const keys = ["a", "b", "ba", "ä", ""];
const retention = 30;

const ordered = (rows: readonly Kept[]): Kept[] =>
  rows.toSorted((a, b) => a.start - b.start || Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));

/** Whether all reads answer what the state has; answers what was read. */
const readsAs = (
  store: ReadOnlyWindowStore<string, number>,
  state: Windows,
  dice: Dice,
  size: number,
): {
  readonly rows: readonly Kept[];
  readonly inside: readonly Kept[];
  readonly from: number;
  readonly to: number;
} => {
  const rows = ordered(state.rows);
  const from = dice.below(4) * size + Math.max(0, state.observed - retention);
  const to = from + dice.below(4) * size;
  const inside = rows.filter(({ start }) => start >= from && start <= to);
  assert.deepEqual([...store.fetchAll(0, state.observed)], rows);
  assert.deepEqual([...store.fetchAll(from, to)], inside);
  assert.deepEqual([...store.backwardFetchAll(from, to)], inside.toReversed());
  for (const key of keys) {
    const ofKey = inside.filter((row) => row.key === key);
    assert.deepEqual([...store.fetch(key, from, to)], ofKey);
    assert.deepEqual([...store.backwardFetch(key, from, to)], ofKey.toReversed());
    assert.equal(store.fetch(key, from), ofKey.find(({ start }) => start === from)?.value);
  }
  return { rows, inside, from, to };
};

/**
 * A window store keeps what is within its retention, in its own stream time. Starts are multiples of `size`: with 1 there
 * are many of them, as of sliding windows.
 */
export const windowModel = (size: number): StoreModel<WindowStore<string, number>, Windows> => ({
  definition: windowStore("contract-window", { key: string(), value: long(), windowSize: size, retention }),
  empty: { rows: [], observed: -1 },
  copy: (state) => ({ ...state }),
  rows: ({ rows }) => rows.length,

  change(store, state, dice) {
    const key = dice.of(keys);
    const spread = 10 / size;
    // Mostly near the newest, so that windows live a while.
    const start = Math.max(
      0,
      state.observed + (dice.below(6 * spread) - 4 * spread) * size - (state.observed % size),
    );
    const timestamp = start + dice.below(size);
    const value = dice.below(5);
    const others = state.rows.filter((row) => row.key !== key || row.start !== start);
    if (dice.below(4) === 0) {
      store.delete(key, start, timestamp);
      state.rows = others;
      return;
    }
    const expired = start <= state.observed - retention;
    if (dice.below(2) === 0) store.put(key, start, value, timestamp);
    else {
      const row = store.row(key, start);
      if (row === undefined) assert.equal(store.insert(key, start, value, timestamp), !expired);
      else store.update(row, value, timestamp);
    }
    if (expired) return;
    state.observed = Math.max(state.observed, start);
    state.rows = [...others, { key, start, value, timestamp }].filter(
      (row) => row.start > state.observed - retention,
    );
  },

  check(store, state, dice) {
    const { rows, inside, from, to } = readsAs(store, state, dice, size);
    const shown = [...store.rowsBetween(from, to)].filter(({ value }) => value !== undefined);
    assert.deepEqual(
      shown.map(({ key, start, value, timestamp }) => ({ key, start, value, timestamp })),
      inside,
    );
    const first = store.firstStart(from);
    const firstKept = rows.find(({ start }) => start >= from)?.start;
    if (firstKept !== undefined) assert.ok(first !== undefined && first >= from && first <= firstKept);
  },

  walk(store, { observed }, dice) {
    const reverse = dice.below(2) === 0;
    const key = dice.below(2) === 0 ? undefined : dice.of(keys);
    const from = Math.max(0, observed - dice.below(4) * size - retention / 2);
    const to = from + dice.below(8) * size;
    const items =
      key === undefined
        ? reverse
          ? store.backwardFetchAll(from, to)
          : store.fetchAll(from, to)
        : reverse
          ? store.backwardFetch(key, from, to)
          : store.fetch(key, from, to);
    return {
      items,
      of: ({ rows }) => {
        const inside = ordered(rows)
          .filter((row) => (key === undefined || row.key === key) && row.start >= from && row.start <= to)
          .map((row) => [`${row.key}@${row.start}`, row] as const);
        return reverse ? inside.toReversed() : inside;
      },
    };
  },

  growing: (store) => [
    {
      read: () => store.fetch("5", 0, Number.MAX_SAFE_INTEGER),
      put: (turn) => store.put("5", turn * size, 1, 1),
    },
    {
      read: () => store.fetchAll(0, Number.MAX_SAFE_INTEGER),
      put: (turn) => store.put("5", turn * size, 1, 1),
    },
    {
      read: () => store.fetchAll(0, Number.MAX_SAFE_INTEGER),
      put: (turn) => store.put(String(5_000 + turn), 0, 1, 1),
    },
    {
      read: () => store.backwardFetchAll(0, Number.MAX_SAFE_INTEGER),
      put: (turn) => store.put(String(5_000 - turn), 0, 1, 1),
    },
  ],

  checkCommitted: (store, state, dice) => readsAs(store.committedView(), state, dice, size),

  follow: (store, check) =>
    store.onFlush(({ key, start, value }, old) => check(`${key}@${start}`, value, old)),
});
