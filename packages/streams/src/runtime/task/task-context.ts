import type { Headers } from "../../record.ts";
import type { SomeStoreDefinition } from "../../state/store-definition.ts";
import type { StoreOf } from "../../state/store-of.ts";
import type { RecordPosition, SinkTopic } from "../../topic.ts";
import type { TakenRecord } from "./taken-record.ts";

export type PunctuationType = "streamTime" | "wallClock";

export interface Cancellable {
  cancel(): void;
}

/** Why a record went no further; each has its counter. */
export type DropReason = "nullKey" | "nullRepartitionKey" | "late" | "negativeTimestamp";

/** Asynchronous work of one operator: the commit waits until nothing is in flight. */
export interface AsyncWork {
  readonly inFlight: number;
  /** True while the task should take no further record. */
  readonly full: boolean;
  /** Begins nothing more: what waits is forgotten, what is under way is of no use to anybody. */
  cancel(): void;
}

/** Windows that can be closed from outside the flow of records. */
export interface WindowCloser {
  /** Closes what stream time has closed; called when the task's stream time moved. */
  onStreamTime(streamTime: number): void;
  /** Wall clock, ms, after which `onIdle` has something to close; infinite when nothing is open. */
  readonly nextIdleClose: number;
  /** Closes every existing window whose end + grace is before this wall clock (ms); the input is idle. */
  onIdle(wallClock: number): void;
  /** How long, in ms, the input must be idle; undefined: never. */
  readonly closeOnIdle: number | undefined;
}

/** What an operator sees of the task it runs in. All of it is synchronous, and single-threaded. */
export interface TaskContext {
  /** `<sub-topology>_<partition>`, e.g. `0_3` (Kafka Streams' `TaskId`). */
  readonly taskId: string;
  /** Where the record being processed was read; undefined in a punctuation or a flush. */
  readonly position: RecordPosition | undefined;
  /** Greatest timestamp of the records this task took, ms; -1 before the first. */
  readonly streamTime: number;
  /** Wall clock, ms since the epoch. */
  now(): number;
  /** Closed windows are looked for at most once per this many ms of wall clock; 0: with every record. */
  readonly emitIntervalMs: number;
  /** The store of this task that a definition names. */
  store<D extends SomeStoreDefinition>(definition: D): StoreOf<D>;
  /** Counts a record that goes no further, and writes its coordinates to the debug log. */
  drop(reason: DropReason): void;
  /** An operator threw. The handler decides; returns when the record is to be left out, and otherwise the task stops. */
  failed(error: unknown, operator: string): void;
  /** An operator broke in a way that no handler can mend: the task stops and never commits past this point. */
  stop(error: unknown, operator: string): void;
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
  schedule(intervalMs: number, type: PunctuationType, punctuate: (timestamp: number) => void): Cancellable;
  /** Announces asynchronous work; `wake` (below) must be called whenever it shrinks. */
  addAsyncWork(work: AsyncWork): void;
  /** The record being processed, to be given to `resume` later; undefined in a punctuation or a flush. */
  taken(): TakenRecord | undefined;
  /** Runs `body` as if that record were being processed: for results that come later. */
  resume(record: TakenRecord | undefined, timestamp: number, body: () => void): void;
  addWindowCloser(closer: WindowCloser): void;
  /** A number that is committed with the source offsets and is there again after a restart or a move. */
  committedNumber(name: string): CommittedNumber;
}

/** Survives with the source offsets (Kafka Streams' `ProcessorMetadata`). */
export interface CommittedNumber {
  value: number;
}
