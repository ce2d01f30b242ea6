import type { Serde } from "../serde.ts";
import type { Windowed } from "../windowed.ts";

/** What aggregate, reduce and count take. */
export type Aggregatable = "KGroupedStream" | "TimeWindowedKStream";

/** The key of an aggregate: that of the group, with its window where there is one. */
export type AggregateKey<Kind extends Aggregatable, K> = Kind extends "TimeWindowedKStream" ? Windowed<K> : K;

export interface StoreChoice<K> {
  /** Names the store and its changelog. Renaming loses the state. */
  readonly store: string;
  /** The key's serde where it is not known from the source topic or the grouping. */
  readonly key?: Serde<K>;
  /** How long windows are kept after their start, in stream time, ms: at least size + grace, the default. */
  readonly retention?: number;
}

/** What a step answered, as stores keep it. A function that forgot to return would otherwise delete its group. */
export const aggregateOf = <A>(next: A | null): A | undefined => {
  if (next === undefined)
    throw new TypeError("the aggregate became undefined: return a value, or null to delete it");
  return next === null ? undefined : next;
};

/** The next aggregate of a group; null deletes it. `current` is undefined for the first record. */
export type Step<K, V, A> = (current: A | undefined, value: V, key: K) => A | null;
