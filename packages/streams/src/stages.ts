import type { RecordFlow } from "./runtime/task/record-flow.ts";
import type { OuterSides } from "./outer-sides.ts";
import type { Partitioner } from "./partitioner.ts";
import type { Windowing } from "./windowing.ts";
import { Pipeable } from "./pipeable.ts";
import type { StreamRecord } from "./record.ts";
import type { ErasedSerde } from "./serde.ts";
import type { KeyValueStoreDefinition, StoreDefinition } from "./state/store-definition.ts";
import type { ViewTable } from "./table-view.ts";
import type { TopicPattern } from "./topic-pattern.ts";
import type { SinkTopic, Topic } from "./topic.ts";
import type { TaskContext } from "./runtime/task/task-context.ts";

export type StageKind =
  | "KStream"
  | "KGroupedStream"
  | "TimeWindowedKStream"
  | "SessionWindowedKStream"
  | "SessionFinalsKStream"
  | "KTable"
  | "KGroupedTable"
  | "CogroupedKStream"
  | "TimeWindowedCogroupedKStream"
  | "SessionWindowedCogroupedKStream"
  | "SessionFinalsCogroupedKStream"
  | "GlobalKTable"
  | "Sink";

export type AnyRecord = StreamRecord<unknown, unknown>;

/** Hooks a node of the topology into one task: from its parents' records, by their labels, to its own. */
export type Attach = (inputs: Readonly<Record<string, RecordFlow>>, task: TaskContext) => RecordFlow;

/** What a node is to the topology: most are plain operators, some touch topics, some only prepare for others. */
type NodeRole =
  | { readonly type: "operator" }
  /** Several processors to Kafka Streams: two per side, and one that brings the results together. */
  | { readonly type: "streamJoin"; readonly outer: OuterSides }
  | {
      readonly type: "source";
      /** Several are read together, each by its own serdes. None where a pattern finds them. */
      readonly topics: readonly Topic<unknown, unknown>[];
      readonly pattern: TopicPattern | undefined;
      /** Null keys and values are part of it whatever the topic's serdes say: those of a table. */
      readonly nulls: boolean;
    }
  /** Read whole by every member, and part of no sub-topology. */
  | {
      readonly type: "global";
      readonly topic: Topic<unknown, unknown>;
      readonly store: KeyValueStoreDefinition;
    }
  | {
      readonly type: "sink";
      /** All of them, or, with a chooser, those that are known beforehand. */
      readonly topics: readonly SinkTopic<never, never>[];
      /** Name of the function that chooses the topic of each record. */
      readonly chooser: string | undefined;
    }
  | { readonly type: "split"; readonly branches: number }
  /** 0 for what no other branch takes, else its place among them, from 1. */
  | { readonly type: "branch"; readonly index: number }
  | {
      readonly type: "repartition";
      readonly name: string;
      /** The topic's name after the application's: `<name>-repartition`, or that of a foreign-key join. */
      readonly topic: string;
      readonly partitions: number | undefined;
      /** Whether records with a null key go through it; they are left out otherwise. */
      readonly nullKeys: boolean;
      readonly partitioner: Partitioner<unknown, unknown> | undefined;
    }
  /** The parts of a foreign-key join: several processors to Kafka Streams, named and numbered together. */
  | { readonly type: "foreignKeyJoin"; readonly part: "subscribe" | "lookUp" | "resolve" }
  | {
      readonly type: "grouping";
      /** Names the repartition topic instead of the store that follows. */
      readonly repartition: string | undefined;
      readonly windowing: Windowing | undefined;
      /** Of a cogroup: the groups, and what is done with the records of each. */
      readonly cogroups?: readonly Cogroup[] | undefined;
    };

/** One of the groups of a cogroup. */
export interface Cogroup {
  readonly grouped: StageNode;
  readonly add: (aggregate: never, value: never, key: never) => unknown;
}

/** An immutable node of the topology, known by its parents. Kinds and types live in `Stage`, behaviour in `attach`. */
export interface StageNode {
  /** The operator's name as the user wrote it, e.g. "filter". */
  readonly operator: string;
  /** Rises with each node that is made. */
  readonly created: number;
  /** What the user calls this one, for `describe()` and errors (Kafka Streams' `Named`). */
  readonly name: string | undefined;
  readonly kind: StageKind;
  readonly role: NodeRole;
  /** What flows in, by label: `input` where there is one, `left` and `right` where there are two. */
  readonly inputs: Readonly<Record<string, StageNode>>;
  /** The same in order, without labels. */
  readonly parents: readonly StageNode[];
  /** Serdes of what flows out, where known. */
  readonly key: ErasedSerde | undefined;
  readonly value: ErasedSerde | undefined;
  /** The key may have changed since the last topic: grouping must go through a repartition topic. */
  readonly rekeyed: boolean;
  /** Stores that it writes or reads. */
  readonly stores: readonly StoreDefinition[];
  /** The store that holds exactly the rows of this table, if there is one. */
  readonly materialized: StoreDefinition | undefined;
  /** How this table is read by key; undefined for what is no table. */
  readonly view: ViewTable<unknown, unknown> | undefined;
  /** What an aggregation holds before its first record: what the JVM tells as the old value of a first result. */
  readonly initial?: (() => unknown) | undefined;
  /** How long after their ends the windows of this table take records, in stream time, ms: where it makes them. */
  readonly closesAfter?: number | undefined;
  /**
   * How records come out of it, where that is not at once and without its remembering anything: `asynchronous`, in a
   * later turn; `unknown`, for it is code of others that remembers what it wants.
   */
  readonly flow?: "asynchronous" | "unknown" | undefined;
  readonly attach: Attach;
}

/**
 * A step of a topology under construction. `Kind` keeps streams, groups and tables apart at compile time; `K` and
 * `V` are what its records hold. Stages are values: piping from one twice makes two branches.
 */
export class Stage<Kind extends StageKind, K, V> extends Pipeable {
  declare readonly kindType: Kind;
  declare readonly keyType: K;
  declare readonly valueType: V;
  readonly node: StageNode;

  constructor(node: StageNode) {
    super();
    this.node = node;
  }
}

/** Records, each for itself. */
export type KStream<K, V> = Stage<"KStream", K, V>;
/** Records grouped by key: ready to be aggregated or windowed. */
export type KGroupedStream<K, V> = Stage<"KGroupedStream", K, V>;
/** Records grouped by key and time window: ready to be aggregated. */
export type TimeWindowedKStream<K, V> = Stage<"TimeWindowedKStream", K, V>;
/** Records grouped by key and session: ready to be aggregated. Sessions that become one are told as gone, by null. */
export type SessionWindowedKStream<K, V> = Stage<"SessionWindowedKStream", K, V>;
/** The same, of which only finals are told: none of them goes again. */
export type SessionFinalsKStream<K, V> = Stage<"SessionFinalsKStream", K, V>;
/** Groups of several streams, to be aggregated into one value. */
export type CogroupedKStream<K, A> = Stage<"CogroupedKStream", K, A>;
/** The same by time window. */
export type TimeWindowedCogroupedKStream<K, A> = Stage<"TimeWindowedCogroupedKStream", K, A>;
/** The same by session. Sessions that become one are told as gone, by null. */
export type SessionWindowedCogroupedKStream<K, A> = Stage<"SessionWindowedCogroupedKStream", K, A>;
/** The same, of which only finals are told: none of them goes again. */
export type SessionFinalsCogroupedKStream<K, A> = Stage<"SessionFinalsCogroupedKStream", K, A>;
/** The latest value of each key. */
export type KTable<K, V> = Stage<"KTable", K, V>;
/** The latest value of each key, of all partitions, in every member. */
export type GlobalKTable<K, V> = Stage<"GlobalKTable", K, V>;
/** Rows of a table grouped by another key: ready to be aggregated. */
export type KGroupedTable<K, V> = Stage<"KGroupedTable", K, V>;
/** The end of a pipe: what `topology()` takes. */
export type Sink = Stage<"Sink", unknown, unknown>;
