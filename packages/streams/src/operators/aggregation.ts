import type { Serde } from "../serde.ts";
import type {
  KeyValueStoreDefinition,
  SessionStoreDefinition,
  WindowStoreDefinition,
} from "../state/store-definition.ts";
import type { Windowed } from "../windowed.ts";
import type { Named } from "./named.ts";
import type { StoreNameOr } from "./store-choice.ts";

/** What reduce and count take. */
export type Aggregatable =
  | "KGroupedStream"
  | "TimeWindowedKStream"
  | "SessionWindowedKStream"
  | "SessionFinalsKStream"
  | "KGroupedTable";

/** What only aggregate takes: its groups say what they add. */
type Cogrouped =
  | "CogroupedKStream"
  | "TimeWindowedCogroupedKStream"
  | "SessionWindowedCogroupedKStream"
  | "SessionFinalsCogroupedKStream";

/** What aggregate takes. */
export type Grouped = Aggregatable | Cogrouped;

type TimeWindowing = "TimeWindowedKStream" | "TimeWindowedCogroupedKStream";
/** Sessions whose every change is told: also that one is gone, which has become a part of another. */
type MergingSessions = "SessionWindowedKStream" | "SessionWindowedCogroupedKStream";
type SessionWindowing = MergingSessions | "SessionFinalsKStream" | "SessionFinalsCogroupedKStream";
type Windowing = TimeWindowing | SessionWindowing;

/** The key of an aggregate: that of the group, with its window where there is one. */
export type AggregateKey<Kind extends Grouped, K> = Kind extends Windowing ? Windowed<K> : K;

/** What tells that a row is gone although nobody has deleted it: null of sessions that merge. */
export type Merged<Kind extends Grouped> = Kind extends MergingSessions ? null : never;

/** The store of an aggregate. */
export interface StoreChoice<Kind extends Grouped, K, A> extends Named {
  /**
   * Names the store and its changelog (`Materialized.as`). Renaming loses the state. A definition instead of a name is
   * for stores that a processor names too.
   */
  readonly store: StoreNameOr<
    Kind extends TimeWindowing
      ? WindowStoreDefinition<K, A>
      : Kind extends SessionWindowing
        ? SessionStoreDefinition<K, A>
        : KeyValueStoreDefinition<K, A>
  >;
  /** The key's serde where it is not known from the source topic or the grouping. */
  readonly key?: Serde<K>;
}

/** What only windows take. */
interface Retained {
  /**
   * How long windows are kept after their start, in stream time, ms: at least size + grace, the default; sliding windows
   * at least 2 times the difference + grace. Sessions are kept after their end, at least gap + grace.
   */
  readonly retention?: number;
}

/** What a step answered, as stores keep it. A function that forgot to return would otherwise delete its group. */
export const aggregateOf = <A>(next: A | null): A | undefined => {
  if (next === undefined)
    throw new TypeError("the aggregate became undefined: return a value, or null to delete it");
  return next === null ? undefined : next;
};

/** A stream's groups only grow. */
interface Growing<Args extends readonly unknown[]> {
  readonly subtract?: (...args: Args) => "only the aggregates of a grouped table subtract";
}

/** A table's groups also lose rows. */
interface Shrinking<Args extends readonly unknown[], R> {
  /** Takes out what leaves the group, or is about to change within it. Null deletes the row. */
  readonly subtract: (...args: Args) => R;
}

/** What depends on what is aggregated; `Args` are those of `add` and `subtract`. */
export type ByKind<Kind extends Grouped, Args extends readonly unknown[], R> = Kind extends "KGroupedTable"
  ? Shrinking<Args, R>
  : Kind extends Windowing
    ? Growing<Args> & Retained
    : Growing<Args>;

/** The same where nothing is subtracted by the user. */
export type RetainedByKind<Kind extends Grouped> = Kind extends Windowing ? Retained : unknown;

/** The next aggregate of a group; null deletes it. `current` is undefined for the first record. */
export type Step<K, V, A> = (current: A | undefined, value: V, key: K) => A | null;

/** How an aggregate follows its group. */
export interface Steps<K, V, A> {
  readonly add: Step<K, V, A>;
  /** Undefined where groups only grow. */
  readonly subtract: Subtract<K, V, A> | undefined;
  readonly merge: Merge<K, A>;
  /** What a group holds before its first record; undefined where that is nothing. */
  readonly initial: (() => A) | undefined;
}

/** What each input adds, by its label. */
export type StepsByInput<K, A> = Readonly<Record<string, Step<K, unknown, A>>>;

/** The aggregate of two sessions that became one. `current` is undefined for the oldest of them. */
export type Merge<K, A> = (current: A | undefined, next: A, key: K) => A | null;

/** Sessions become one. */
export type Merging<Kind extends Grouped, K, A> = Kind extends SessionWindowing
  ? {
      /**
       * The aggregate of two sessions, of the older first, that a record connects (`Merger`). Merging begins with
       * `init()` and the oldest session.
       */
      readonly merge: (older: A, newer: A, key: K) => A;
    }
  : unknown;

/** What is left of an aggregate; null deletes it. */
export type Subtract<K, V, A> = (current: A, value: V, key: K) => A | null;

/** What an aggregate is made of. Of a cogroup V is what its groups make: null, too, where one of them can delete its row. */
export type Aggregating<Kind extends Grouped, K, V, A, R> = {
  readonly value: Serde<A>;
} & (Kind extends Cogrouped
  ? {
      readonly init: () => NonNullable<NoInfer<V>>;
      readonly value: Serde<NonNullable<NoInfer<V>>>;
      readonly add?: "the groups of a cogroup say what they add";
    }
  : {
      readonly init: () => NoInfer<A>;
      readonly add: (aggregate: NoInfer<A>, value: V, key: K) => R;
    });

/** What an aggregate's rows hold. */
export type Aggregated<Kind extends Grouped, V, A, R> =
  | (Kind extends Cogrouped ? V : A | Extract<R, null>)
  | Merged<Kind>;
