import type { Headers, StreamRecord } from "../record.ts";
import type { Cancellable, PunctuationType } from "../runtime/task/task-context.ts";
import type { Serde } from "../serde.ts";
import type { SomeStoreDefinition } from "../state/store-definition.ts";
import type { StoreOf } from "../state/store-of.ts";
import type { RecordPosition } from "../topic.ts";
import type { Synchronous } from "../synchronous.ts";

/** Stores that a processor asks for, by the names it will use for them. */
export type StoreDefinitions = Readonly<Record<string, SomeStoreDefinition>>;

/** Those of a processor without state. */
export type NoStores = Readonly<Record<string, never>>;

/** The stores themselves, typed by their definitions. */
export type StoresOf<S> = {
  readonly [Name in keyof S]: StoreOf<S[Name]>;
};

/** What a processor has to work with, in one task (Kafka Streams' `ProcessorContext`). */
export interface ProcessorContext<Out, S = NoStores> {
  readonly stores: StoresOf<S>;
  /** Sends downstream; may be called any number of times, also from a punctuation. */
  readonly forward: (out: Out) => void;
  /**
   * Calls `punctuate` when time has moved on by `interval` ms (KIP-138). `streamTime` fires at multiples of the
   * interval, after the record that moved it, once per jump, with stream time; `wallClock` starts now.
   */
  readonly schedule: (
    interval: number,
    type: PunctuationType,
    punctuate: (timestamp: number) => Synchronous,
  ) => Cancellable;
  /** Greatest timestamp of the records that this task took, ms; -1 before the first. */
  readonly streamTime: number;
  /** Wall clock, ms since the epoch. */
  readonly now: () => number;
  /** Where the record being processed was read; undefined in a punctuation. */
  readonly position: RecordPosition | undefined;
  /** Asks for a commit of what was done so far, without waiting for `commitIntervalMs`; it does not wait for it either. */
  readonly commit: () => void;
  /** Sends the record being processed, as it was read, to the dead-letter topic. */
  readonly deadLetter: (reason: Error) => void;
  /** Counts the record being processed as late, and writes its coordinates to the debug log. */
  readonly dropLate: () => void;
  /** `<sub-topology>_<partition>`. */
  readonly taskId: string;
}

/** Called for each record of one task, in order. Nobody waits for a promise: see `mapAsync`. */
export type Processor<K, V> = (record: StreamRecord<K, V>) => Synchronous;

/** How to make a processor for a task (Kafka Streams' `ProcessorSupplier`). */
export interface ProcessorDefinition<K, V, K2, V2, S extends StoreDefinitions = NoStores> {
  /** For errors and `describe`; otherwise it is numbered. */
  readonly name?: string;
  readonly stores?: S;
  readonly key?: Serde<K2>;
  readonly value?: Serde<V2>;
  /**
   * Called once per task, after its stores were restored. Must keep all that has to survive in the stores, and answer a
   * new function each time where it takes the context.
   */
  create(context: ProcessorContext<StreamRecord<K2, V2>, S>): Processor<K, V>;
}

/** A value and its event time, where the key is fixed. */
export interface ValueRecord<V> {
  readonly value: V;
  readonly timestamp: number;
  /** Those of the record being processed, unless given. */
  readonly headers?: Headers;
}

/** A processor that can't change the key (Kafka Streams' `FixedKeyProcessorSupplier`): no repartition after it. */
export interface ValueProcessorDefinition<K, V, V2, S extends StoreDefinitions = NoStores> {
  readonly name?: string;
  readonly stores?: S;
  readonly value?: Serde<V2>;
  /** As in `ProcessorDefinition`; forwards under the key of the record being processed, so not from punctuations. */
  create(context: ProcessorContext<ValueRecord<V2>, S>): Processor<K, V>;
}
