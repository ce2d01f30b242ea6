import type { KeyPartitioner } from "../runtime/query/store-hosts.ts";
import type { JoinWindows } from "../join-windows.ts";
import type { ErasedSerde, Serde } from "../serde.ts";
import type { Kept } from "./kept-table.ts";
import type { Named } from "./named.ts";

/** What can be joined with what. */
export type LeftKind = "KStream" | "KTable";
export type RightKind = "KStream" | "KTable" | "GlobalKTable";

/**
 * What the other side of a join must be: `unknown` where it can be joined, else what is wrong with it, to be read at the
 * argument.
 */
export type Joins<Kind, K, OtherKind, OtherK> = OtherKind extends "GlobalKTable"
  ? Kind extends "KTable"
    ? "a table can't be joined with a global table: join the stream of its changes, toStream()"
    : unknown
  : [Kind, OtherKind] extends ["KTable", "KStream"]
    ? "a table can't be joined with a stream: join the stream with the table"
    : [NonNullable<K>] extends [OtherK]
      ? unknown
      : Kind extends "KTable"
        ? "both tables of a join must have keys of the same type (windowed with windowed ones), or be joined by a foreign key: join(table, foreignKey, joiner, { name })"
        : "both sides of a join must have keys of the same type; windowed keys are joined with windowed ones";

/** What the other side of a join by a foreign key must be, as `Joins` has it. */
export type JoinsByForeignKey<OtherKind> = OtherKind extends "KTable"
  ? unknown
  : "only a table has rows that a foreign key could name";

/** What a join of tables by a foreign key takes beside what it joins by and its joiner. */
export type ForeignKeyOptions<K, OtherK, V2> = ValueSerde<V2> &
  Kept<"KTable", K, V2> & {
    /**
     * Names its topics and its store, as Kafka Streams does (`TableJoined.as`): `<name>-subscription-registration-topic`,
     * `<name>-subscription-response-topic` and `<name>-subscription-store`. Renaming loses the subscriptions. For a join
     * that has no name there, that of its first topic: `KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-0000000006`.
     */
    readonly name: string;
    /**
     * The partition, of `[0, partitions)`, that a row of this table is in by its key, where that is not by the key's murmur2
     * (`TableJoined.partitioner`, KIP-775). Rows say where they are when they ask, and are answered there: asked only about
     * questions that an older Kafka Streams left.
     */
    readonly partitioner?: KeyPartitioner<K>;
    /** The same of the other table's rows: where to ask for them (`TableJoined.otherPartitioner`). */
    readonly otherPartitioner?: KeyPartitioner<NonNullable<OtherK>>;
  };

/** How a stream looks up a global table's row. */
interface ByKey<K, V, OtherK> {
  /** The key of the global table's row for a record; null is none. Takes (value, key). */
  readonly on: (value: NonNullable<V>, key: K) => OtherK | null;
}

/** What only a stream that waits for its table is given. */
interface Waiting {
  /**
   * How long a record waits, in stream time of the stream, ms, for changes of the table that come late (KIP-923): the
   * table must be versioned, and keep its history for that long. Needs a `name`, as does what has to go through a
   * repartition topic first: `<name>-Buffer` is the store of waiting records.
   */
  readonly grace?: number;
}

/** What two streams are joined by (`JoinWindows`, `StreamJoined`). */
interface Windowed<K, V, OtherV> {
  /** Which records meet: `joinWindows(..)`. */
  readonly windows: JoinWindows;
  /**
   * Names the join's stores, `<name>-this-join-store` and so on as in Kafka Streams, and where keys may have changed its
   * repartition topics, `<name>-left` and `<name>-right`.
   */
  readonly name: string;
  /** Names the stores instead (`StreamJoined.withStoreName`). For one that has no name there, that of its first processor. */
  readonly store?: string;
  /** Names the repartition topics instead, where keys may have changed: of a join that has no name there. */
  readonly repartition?: { readonly left?: string; readonly right?: string };
  /** Serdes for the stores and the repartition topics, where they are not known from the streams. */
  readonly key?: Serde<NonNullable<K>>;
  readonly left?: Serde<NonNullable<V>>;
  readonly right?: Serde<NonNullable<OtherV>>;
}

/** What a join takes beside its joiner. */
export type JoinOptions<Kind, K, V, OtherKind, OtherK, OtherV, V2> = OtherKind extends "GlobalKTable"
  ? [options: Named & ValueSerde<V2> & ByKey<K, V, OtherK>]
  : Kind extends "KTable"
    ? [options?: Named & ValueSerde<V2> & Kept<"KTable", K, V2>]
    : OtherKind extends "KStream"
      ? [options: Windowed<K, V, OtherV> & ValueSerde<V2>]
      : [options?: Named & ValueSerde<V2> & Waiting];

interface ValueSerde<V2> {
  /** Of the results, where a later repartition or store needs it. */
  readonly value?: Serde<V2>;
}

/** What flows on: a table's rows go with those that they are made of. */
export type Joined<Kind, V, OtherV, R> = Kind extends "KTable" ? R | Extract<NoInfer<V | OtherV>, null> : R;

/** What a join is given beside the other side, whatever is joined: the types have been checked. */
export type JoinArguments =
  | readonly [joiner: ErasedFunction, options?: object | undefined]
  | readonly [foreignKey: ErasedFunction, joiner: ErasedFunction, options: object];

type ErasedFunction = (...parameters: never[]) => unknown;

/** The same options, whatever is joined: the types have been checked. */
export interface ErasedJoin {
  readonly name?: string;
  readonly value?: ErasedSerde;
  readonly on?: (value: unknown, key: unknown) => unknown;
  readonly grace?: number;
  readonly store?: unknown;
  readonly repartition?: { readonly left?: string; readonly right?: string };
  readonly windows?: JoinWindows;
  readonly key?: ErasedSerde;
  readonly left?: ErasedSerde;
  readonly right?: ErasedSerde;
  readonly partitioner?: KeyPartitioner<unknown>;
  readonly otherPartitioner?: KeyPartitioner<unknown>;
}

/** What makes a result of both sides; null where a side has nothing. */
export type ErasedJoiner = (left: unknown, right: unknown, key: unknown) => unknown;

/** The foreign key of a row's value and key; null where it has none. */
export type ErasedForeignKey = (value: unknown, key: unknown) => unknown;
