import type { Observable } from "rxjs";
import type { StreamRecord } from "./record.ts";
import type { ErasedSerde } from "./serde.ts";
import type { StoreDefinition } from "./state/store-definition.ts";
import type { SinkTopic, Topic } from "./topic.ts";
import type { TaskContext } from "./runtime/task/task-context.ts";

export type StageKind =
  | "KStream"
  | "KGroupedStream"
  | "TimeWindowedKStream"
  | "SessionWindowedKStream"
  | "KTable"
  | "KGroupedTable"
  | "GlobalKTable"
  | "Sink";

export type AnyRecord = StreamRecord<unknown, unknown>;

/** Hooks a node of the topology into one task: from its parents' records to its own. */
export type Attach = (inputs: readonly Observable<AnyRecord>[], task: TaskContext) => Observable<AnyRecord>;

/** What a node is to the topology: most are plain operators, some touch topics. */
type NodeRole =
  | { readonly type: "operator" }
  | { readonly type: "source"; readonly topic: Topic<unknown, unknown> }
  | { readonly type: "sink"; readonly topics: readonly SinkTopic<never, never>[] }
  | { readonly type: "repartition"; readonly name: string; readonly partitions: number | undefined };

/** An immutable node of the topology, known by its parents. Kinds and types live in `Stage`, behaviour in `attach`. */
export interface StageNode {
  /** The operator's name as the user wrote it, e.g. "filter". */
  readonly operator: string;
  readonly kind: StageKind;
  readonly role: NodeRole;
  readonly parents: readonly StageNode[];
  /** Serdes of what flows out, where known. */
  readonly key: ErasedSerde | undefined;
  readonly value: ErasedSerde | undefined;
  /** The key may have changed since the last topic: grouping must go through a repartition topic. */
  readonly rekeyed: boolean;
  readonly stores: readonly StoreDefinition[];
  readonly attach: Attach;
}

/**
 * A step of a topology under construction. `Kind` keeps streams, groups and tables apart at compile time; `K` and
 * `V` are what its records hold. Stages are values: piping from one twice makes two branches.
 */
export class Stage<Kind extends StageKind, K, V> {
  declare readonly kindType: Kind;
  declare readonly keyType: K;
  declare readonly valueType: V;
  readonly node: StageNode;

  constructor(node: StageNode) {
    this.node = node;
  }

  /** Applies operators from left to right. Any function from stage to stage is an operator; at most nine, then nest. */
  pipe<A>(a: (stage: this) => A): A;
  pipe<A, B>(a: (stage: this) => A, b: (stage: A) => B): B;
  pipe<A, B, C>(a: (stage: this) => A, b: (stage: A) => B, c: (stage: B) => C): C;
  pipe<A, B, C, D>(a: (stage: this) => A, b: (stage: A) => B, c: (stage: B) => C, d: (stage: C) => D): D;
  pipe<A, B, C, D, E>(
    a: (stage: this) => A,
    b: (stage: A) => B,
    c: (stage: B) => C,
    d: (stage: C) => D,
    e: (stage: D) => E,
  ): E;
  pipe<A, B, C, D, E, F>(
    a: (stage: this) => A,
    b: (stage: A) => B,
    c: (stage: B) => C,
    d: (stage: C) => D,
    e: (stage: D) => E,
    f: (stage: E) => F,
  ): F;
  pipe<A, B, C, D, E, F, G>(
    a: (stage: this) => A,
    b: (stage: A) => B,
    c: (stage: B) => C,
    d: (stage: C) => D,
    e: (stage: D) => E,
    f: (stage: E) => F,
    g: (stage: F) => G,
  ): G;
  pipe<A, B, C, D, E, F, G, H>(
    a: (stage: this) => A,
    b: (stage: A) => B,
    c: (stage: B) => C,
    d: (stage: C) => D,
    e: (stage: D) => E,
    f: (stage: E) => F,
    g: (stage: F) => G,
    h: (stage: G) => H,
  ): H;
  pipe<A, B, C, D, E, F, G, H, I>(
    a: (stage: this) => A,
    b: (stage: A) => B,
    c: (stage: B) => C,
    d: (stage: C) => D,
    e: (stage: D) => E,
    f: (stage: E) => F,
    g: (stage: F) => G,
    h: (stage: G) => H,
    i: (stage: H) => I,
  ): I;
  pipe(...operators: readonly ((stage: never) => unknown)[]): unknown {
    return operators.reduce<unknown>((stage, operator) => operator(stage as never), this);
  }
}

/** Records, each for itself. */
export type KStream<K, V> = Stage<"KStream", K, V>;
/** Records grouped by key: ready to be aggregated or windowed. */
export type KGroupedStream<K, V> = Stage<"KGroupedStream", K, V>;
/** Records grouped by key and time window: ready to be aggregated. */
export type TimeWindowedKStream<K, V> = Stage<"TimeWindowedKStream", K, V>;
/** The latest value of each key. */
export type KTable<K, V> = Stage<"KTable", K, V>;
/** Rows of a table grouped by another key: ready to be aggregated. */
export type KGroupedTable<K, V> = Stage<"KGroupedTable", K, V>;
/** The end of a pipe: what `topology()` takes. */
export type Sink = Stage<"Sink", unknown, unknown>;
