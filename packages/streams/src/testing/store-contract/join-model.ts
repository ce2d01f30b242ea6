import assert from "node:assert/strict";
import { long } from "../../serdes/numbers.ts";
import { string } from "../../serdes/string.ts";
import type { JoinStore } from "../../state/join-store.ts";
import type { Row } from "../../state/row.ts";
import { joinStore } from "../../state/store-definition.ts";
import type { StoreModel } from "./history.ts";

interface Kept {
  readonly key: string;
  readonly start: number;
  readonly value: number;
}

/** `observed` is the greatest time ever written. */
interface Records {
  rows: readonly Kept[];
  observed: number;
}

const keys = ["a", "b", "ba", ""];
const retention = 30;

const kept = (rows: Iterable<Row<string, number>>): readonly Kept[] =>
  [...rows].map(({ key, start, value, timestamp }) => {
    assert.equal(timestamp, start);
    return { key, start, value: value ?? Number.NaN };
  });

/** A join store keeps every record within its retention, in its own stream time. */
export const joinModel: StoreModel<JoinStore<string, number>, Records> = {
  definition: joinStore("contract-join", { key: string(), value: long(), retention }),
  empty: { rows: [], observed: -1 },
  copy: (state) => ({ ...state }),
  rows: ({ rows }) => rows.length,

  change(store, state, dice) {
    const key = dice.of(keys);
    const start = Math.max(0, state.observed + dice.below(60) - 42);
    const value = dice.below(3);
    const expired = start <= state.observed - retention;
    assert.equal(store.put(key, start, value), !expired);
    if (expired) return;
    state.observed = Math.max(state.observed, start);
    state.rows = [...state.rows, { key, start, value }].filter(
      (row) => row.start > state.observed - retention,
    );
  },

  check(store, state, dice) {
    const rows = state.rows.toSorted((a, b) => a.start - b.start);
    const from = Math.max(0, state.observed - dice.below(40));
    const to = from + dice.below(20);
    const inside = rows.filter(({ start }) => start >= from && start <= to);
    assert.deepEqual(kept(store.fetchAll(0, state.observed)), rows);
    assert.deepEqual(kept(store.fetchAll(from, to)), inside);
    for (const key of keys) {
      const ofKey = inside.filter((row) => row.key === key);
      assert.deepEqual(kept(store.fetch(key, from, to)), ofKey);
      assert.deepEqual(kept(store.backwardFetch(key, from, to)), ofKey.toReversed());
    }
  },
};
