import assert from "node:assert/strict";
import { long } from "../../serdes/numbers.ts";
import { string } from "../../serdes/string.ts";
import { versionedStore } from "../../state/store-definition.ts";
import type { ReadOnlyVersionedStore, VersionedRecord, VersionedStore } from "../../state/versioned-store.ts";
import type { Dice } from "./dice.ts";
import type { StoreModel } from "./history.ts";

interface Version {
  readonly key: string;
  readonly timestamp: number;
  /** Null is a deletion. */
  readonly value: number | null;
}

/** All versions that were ever taken; `observed` is the greatest time. */
interface Versions {
  all: readonly Version[];
  observed: number;
}

const keys = ["a", "b", ""];
const historyRetention = 30;

/** Of one key, ascending, with their ends. */
const ofKey = (state: Versions, key: string): readonly (Version & { readonly validTo: number })[] =>
  state.all
    .filter((version) => version.key === key)
    .toSorted((a, b) => a.timestamp - b.timestamp)
    .map((version, at, versions) => ({
      ...version,
      validTo: versions[at + 1]?.timestamp ?? Number.POSITIVE_INFINITY,
    }));

const asOf = (state: Versions, key: string, time: number): VersionedRecord<number> | undefined => {
  const found = ofKey(state, key).find(({ timestamp, validTo }) => timestamp <= time && time < validTo);
  if (found === undefined || found.value === null) return undefined;
  if (found.validTo !== Number.POSITIVE_INFINITY && time < state.observed - historyRetention)
    return undefined;
  return { value: found.value, timestamp: found.timestamp, validTo: found.validTo };
};

/** Whether all reads answer what the state has. */
const readsAs = (store: ReadOnlyVersionedStore<string, number>, state: Versions, dice: Dice): void => {
  for (const key of keys) {
    const versions = ofKey(state, key);
    const latest = versions.at(-1);
    assert.deepEqual(
      store.get(key),
      latest === undefined || latest.value === null
        ? undefined
        : { value: latest.value, timestamp: latest.timestamp, validTo: Number.POSITIVE_INFINITY },
    );
    const from = Math.max(0, state.observed - dice.below(50));
    const to = from + dice.below(20);
    assert.deepEqual(store.get(key, from), asOf(state, key, from));
    const since = Math.max(from, state.observed - historyRetention);
    const inside = versions
      .filter(({ value, timestamp, validTo }) => value !== null && timestamp <= to && validTo > since)
      .map(({ value, timestamp, validTo }) => ({ value, timestamp, validTo }));
    assert.deepEqual([...store.fetch(key, from, to)], inside);
    assert.deepEqual([...store.backwardFetch(key, from, to)], inside.toReversed());
  }
};

/** A versioned store remembers all that it was told, as far back as its history goes. */
export const versionedModel: StoreModel<VersionedStore<string, number>, Versions> = {
  definition: versionedStore("contract-versioned", { key: string(), value: long(), historyRetention }),
  empty: { all: [], observed: -1 },
  copy: (state) => ({ ...state }),
  rows: undefined,
  writesThrough: true,

  change(store, state, dice) {
    const key = dice.of(keys);
    const timestamp = Math.max(0, state.observed + dice.below(60) - 42);
    const value = dice.below(4) === 0 ? null : dice.below(5);
    const tooOld = timestamp < state.observed - historyRetention;
    const others = state.all.filter((other) => other.key !== key || other.timestamp !== timestamp);
    const next = {
      all: [...others, { key, timestamp, value }],
      observed: Math.max(state.observed, timestamp),
    };
    if (value === null && dice.below(2) === 0)
      assert.deepEqual(store.delete(key, timestamp), asOf(state, key, timestamp));
    else {
      const validTo = ofKey(next, key).find((version) => version.timestamp === timestamp)?.validTo;
      assert.deepEqual(store.put(key, value, timestamp), tooOld ? undefined : { validTo });
    }
    if (!tooOld) Object.assign(state, next);
  },

  check: readsAs,

  // What is read is one list, of the moment of the call.
  walk(store, state, dice) {
    const reverse = dice.below(2) === 0;
    const key = dice.of(keys);
    const from = Math.max(0, state.observed - dice.below(50));
    const to = from + dice.below(50);
    const since = Math.max(from, state.observed - historyRetention);
    const inside = ofKey(state, key)
      .filter(({ value, timestamp, validTo }) => value !== null && timestamp <= to && validTo > since)
      .map(({ value, timestamp, validTo }) => [String(timestamp), { value, timestamp, validTo }] as const);
    return {
      items: reverse ? store.backwardFetch(key, from, to) : store.fetch(key, from, to),
      of: () => (reverse ? inside.toReversed() : inside),
    };
  },

  checkCommitted: (store, state, dice) => readsAs(store.committedView(), state, dice),
};
