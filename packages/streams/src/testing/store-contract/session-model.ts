import assert from "node:assert/strict";
import { long } from "../../serdes/numbers.ts";
import { string } from "../../serdes/string.ts";
import type { ReadOnlySessionStore, SessionStore, SessionValue } from "../../state/session-store.ts";
import { sessionStore } from "../../state/store-definition.ts";
import type { Dice } from "./dice.ts";
import type { StoreModel } from "./history.ts";

type Kept = SessionValue<string, number>;

/** `observed` is the greatest end ever written. */
interface Sessions {
  rows: readonly Kept[];
  observed: number;
}

const keys = ["a", "b", "ba", ""];
const retention = 30;

const byEnd = (rows: readonly Kept[]): Kept[] =>
  rows.toSorted(
    (a, b) => a.end - b.end || a.start - b.start || Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)),
  );

/** Whether all reads answer what the state has; answers what was read. */
const readsAs = (
  store: ReadOnlySessionStore<string, number>,
  state: Sessions,
  dice: Dice,
): { readonly rows: readonly Kept[]; readonly from: number; readonly to: number } => {
  const rows = byEnd(state.rows);
  assert.deepEqual([...store.fetchAll(0, state.observed)], rows);
  const from = Math.max(0, state.observed - dice.below(40));
  const to = from + dice.below(20);
  const ending = rows.filter(({ end }) => end >= from && end <= to);
  assert.deepEqual([...store.fetchAll(from, to)], ending);
  for (const key of keys) {
    const ofKey = rows.filter((row) => row.key === key);
    assert.deepEqual([...store.fetch(key)], ofKey);
    assert.deepEqual([...store.backwardFetch(key)], ofKey.toReversed());
    const found = ofKey.filter(({ start, end }) => end >= from && start <= to);
    assert.deepEqual([...store.findSessions(key, from, to)], found);
    assert.deepEqual([...store.backwardFindSessions(key, from, to)], found.toReversed());
    for (const { start, end, value } of ofKey) assert.equal(store.fetchSession(key, start, end), value);
    assert.equal(store.fetchSession(key, state.observed + 1, state.observed + 1), undefined);
  }
  return { rows, from, to };
};

/** A session store keeps sessions by their ends within its retention, in its own stream time. */
export const sessionModel: StoreModel<SessionStore<string, number>, Sessions> = {
  definition: sessionStore("contract-session", { key: string(), value: long(), retention }),
  empty: { rows: [], observed: -1 },
  copy: (state) => ({ ...state }),
  rows: ({ rows }) => rows.length,

  change(store, state, dice) {
    const key = dice.of(keys);
    const start = Math.max(0, state.observed + dice.below(60) - 40);
    const end = start + dice.below(8);
    const value = dice.below(5);
    const timestamp = dice.below(100);
    const remove = (row: { readonly key: string; readonly start: number; readonly end: number }): void => {
      state.rows = state.rows.filter(
        (other) => other.key !== row.key || other.start !== row.start || other.end !== row.end,
      );
    };
    if (dice.below(3) === 0) {
      // As a record that joins sessions does.
      for (const row of store.rows(key, start - 5, end + 5)) {
        store.update(row, undefined, timestamp);
        remove(row);
      }
    }
    if (dice.below(6) === 0) {
      store.delete(key, start, end, timestamp);
      remove({ key, start, end });
      return;
    }
    const expired = end <= state.observed - retention;
    assert.equal(store.put(key, start, end, value, timestamp), !expired);
    if (expired) return;
    remove({ key, start, end });
    state.observed = Math.max(state.observed, end);
    state.rows = [...state.rows, { key, start, end, value, timestamp }].filter(
      (row) => row.end > state.observed - retention,
    );
  },

  check(store, state, dice) {
    const { rows, from, to } = readsAs(store, state, dice);
    assert.deepEqual(
      [...store.rowsEnding(from, to)].filter(({ value }) => value !== undefined).map(({ start }) => start),
      rows.filter(({ end }) => end >= from && end <= to).map(({ start }) => start),
    );
    assert.equal(store.firstEnd(from), rows.find(({ end }) => end >= from)?.end);
    for (const key of keys)
      assert.deepEqual(
        store.rows(key, from, to).map(({ start, end, value }) => [start, end, value]),
        rows
          .filter((row) => row.key === key && row.end >= from && row.start <= to)
          .map(({ start, end, value }) => [start, end, value]),
      );
  },

  walk(store, { observed }, dice) {
    const reverse = dice.below(2) === 0;
    const key = dice.below(3) === 0 ? undefined : dice.of(keys);
    const from = dice.below(3) === 0 ? 0 : Math.max(0, observed - dice.below(40));
    const to = from === 0 ? Number.MAX_SAFE_INTEGER : from + dice.below(30);
    const find = (of: string): Iterable<Kept> => {
      if (from === 0) return reverse ? store.backwardFetch(of) : store.fetch(of);
      return reverse ? store.backwardFindSessions(of, from, to) : store.findSessions(of, from, to);
    };
    return {
      items: key === undefined ? store.fetchAll(from, to) : find(key),
      of: ({ rows }) => {
        const inside = byEnd(rows)
          .filter((row) =>
            key === undefined
              ? row.end >= from && row.end <= to
              : row.key === key && row.end >= from && row.start <= to,
          )
          .map((row) => [`${row.key}@${row.start}-${row.end}`, row] as const);
        return reverse && key !== undefined ? inside.toReversed() : inside;
      },
    };
  },

  growing: (store) => {
    const put = (turn: number): boolean => store.put("5", turn, turn, 1, 1);
    return [
      { read: () => store.fetch("5"), put },
      { read: () => store.findSessions("5", 0, Number.MAX_SAFE_INTEGER), put },
      { read: () => store.fetchAll(0, Number.MAX_SAFE_INTEGER), put },
      {
        read: () => store.backwardFetch("5"),
        put: (turn) => store.put("5", 5_000 - turn, 5_000, 1, 1),
      },
    ];
  },

  checkCommitted: (store, state, dice) => {
    readsAs(store.committedView(), state, dice);
  },

  follow: (store, check) =>
    store.onFlush(({ key, start, end, value }, old) => check(`${key}@${start}-${end}`, value, old)),
};
