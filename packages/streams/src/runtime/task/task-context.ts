import type { DropReason } from "../metrics/drop-reason.ts";
import type { Log } from "../../log.ts";
import type { Headers } from "../../record.ts";
import type { KeyValueStore } from "../../state/key-value-store.ts";
import type { KeyValueStoreDefinition, SomeStoreDefinition } from "../../state/store-definition.ts";
import type { StoreOf } from "../../state/store-of.ts";
import type { RecordPosition, SinkTopic } from "../../topic.ts";
import type { TakenRecord } from "./taken-record.ts";
import type { Synchronous } from "../../synchronous.ts";

export type PunctuationType = "streamTime" | "wallClock";

export interface Cancellable {
  cancel(): void;
}

/** One call that has not been answered. */
export interface AsyncCall {
  /** When it began, ms of the monotonic clock. */
  readonly since: number;
  /** What is waited for, e.g. "mapAsync". */
  readonly operator: string;
  /** The record that it is about; undefined for what came of a punctuation or a flush. */
  readonly position: RecordPosition | undefined;
}

/** Asynchronous work of one operator. A commit waits for all of it, but for that of records that were read ahead. */
export interface AsyncWork {
  /** What has not been handed over yet. */
  readonly inFlight: number;
  /** Of it what the next commit waits for. */
  readonly owed: number;
  /** The call that has been under way for longest. */
  readonly oldest: AsyncCall | undefined;
  /** True while the task should take no further record. */
  readonly full: boolean;
  /** True while a flush should add nothing more. */
  readonly owedFull: boolean;
  /** What was added for records that were read ahead is as any other from now on; outcomes that waited go on. */
  release(): void;
  /** The task is given away: of what was read ahead nothing more begins, and what has begun is owed. */
  abandonAhead(): void;
  /** Begins nothing more: what waits is forgotten, what is under way is of no use to anybody. */
  cancel(): void;
}

/** How an operator hears of what moves a task beside its records. */
export interface TaskHooks {
  /** The task's stream time has moved, ms. */
  onStreamTime?(streamTime: number): void;
  /**
   * All input has been read, nothing asynchronous is under way, and it has been so for `closeOnIdle` ms of this process
   * really running. Told only while `nextIdleClose` is before the wall clock, ms.
   */
  onIdle?(wallClock: number): void;
  /** What was done so far is about to be sealed. */
  onCommit?(): void;
  readonly closeOnIdle?: number | undefined;
  /** Wall clock, ms, after which `onIdle` has something to do; infinite when it has not. */
  readonly nextIdleClose?: number;
}

/** What an operator sees of the task it runs in. All of it is synchronous, and single-threaded. */
export interface TaskContext {
  /** `<sub-topology>_<partition>`, e.g. `0_3` (Kafka Streams' `TaskId`). */
  readonly taskId: string;
  /** The partition that it has of its sources. */
  readonly partition: number;
  /** Event time of what is being processed, ms: the timestamp of a changelog record where none is given. */
  timestamp: number;
  /** Of the record being processed; none in a punctuation or a flush. They go on with what it changes in tables. */
  headers: Headers;
  /** Where the record being processed was read; undefined in a punctuation or a flush. */
  readonly position: RecordPosition | undefined;
  /** Greatest timestamp of the records this task took, ms; -1 before the first. */
  readonly streamTime: number;
  /** The record being processed is not part of the commit under way: see `ReadAhead`. */
  readonly readingAhead: boolean;
  /** Wall clock, ms since the epoch. */
  now(): number;
  /** Closed windows are looked for at most once per this many ms of wall clock; 0: with every record. */
  readonly emitIntervalMs: number;
  /** The store of this task that a definition names. */
  store<D extends SomeStoreDefinition>(definition: D): StoreOf<D>;
  /** The store of a global table: all of its partitions, shared by all tasks, to be read. */
  globalStore<K, V>(definition: KeyValueStoreDefinition<K, V>): KeyValueStore<K, V>;
  /** Counts a record that goes no further, and writes its coordinates to the debug log. */
  drop(reason: DropReason): void;
  /** An operator threw. The handler decides; returns when the record is to be left out, and otherwise the task stops. */
  failed(error: unknown, operator: string): void;
  /** An operator broke in a way that no handler can mend: the task stops and never commits past this point. */
  stop(error: unknown, operator: string): void;
  /** Asks for a commit before it is due. */
  requestCommit(): void;
  /** Sends the record being processed, as it was read, to the dead-letter topic. */
  deadLetter(reason: Error): void;
  /** Sends to a sink topic; null keys go round robin. */
  send<K, V>(
    topic: SinkTopic<K, V>,
    key: K,
    value: V,
    timestamp: number,
    headers: Headers,
    partition?: number,
  ): void;
  /**
   * Looks for a sink topic that the topology does not name, and prepares its serdes. Undefined where it is known; else
   * resolves when it is, or rejects when it is known that there is none: `send` says what is wrong then.
   */
  findTopic(topic: SinkTopic<never, never>): Promise<void> | undefined;
  /** Number of partitions of a sink topic. */
  partitionsOf(topic: string): number;
  schedule(
    intervalMs: number,
    type: PunctuationType,
    punctuate: (timestamp: number) => Synchronous,
  ): Cancellable;
  /** Announces asynchronous work; `wake` (below) must be called whenever it shrinks. */
  addAsyncWork(work: AsyncWork): void;
  /** The record being processed, to be given to `resume` later; undefined in a punctuation or a flush. */
  taken(): TakenRecord | undefined;
  /** Runs `body` as if that record were being processed: for results that come later. */
  resume(record: TakenRecord | undefined, timestamp: number, body: () => void): void;
  addHooks(hooks: TaskHooks): void;
  /** ms of a clock that never jumps, for deadlines of asynchronous work. */
  monotonic(): number;
  /** Calls back after `ms`, unless the task is closed by then; answers a function that ends it. */
  callLater(ms: number, callback: () => void): () => void;
  readonly log: Log;
  /** A number in [0, 1), for the spread of retries. */
  random(): number;
  /** A number that is committed with the source offsets and is there again after a restart or a move. */
  committedNumber(name: string): CommittedNumber;
  /**
   * The same for a stream time, ms, that a JVM application does not commit: after one has run it begins with what is `shown`
   * by the state that it left, if that is later.
   */
  committedTime(name: string, shown: number): CommittedNumber;
}

/** Survives with the source offsets (Kafka Streams' `ProcessorMetadata`). */
export interface CommittedNumber {
  value: number;
}
