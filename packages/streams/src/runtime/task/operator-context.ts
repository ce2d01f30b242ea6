import type { MillraceError } from "../../errors.ts";
import { type Headers, noHeaders } from "../../record.ts";
import type { KeyValueStore } from "../../state/key-value-store.ts";
import type { KeyValueStoreDefinition, SomeStoreDefinition } from "../../state/store-definition.ts";
import type { StoreOf } from "../../state/store-of.ts";
import type { Log } from "../../log.ts";
import { OwnTimers } from "../../own-timers.ts";
import type { RecordPosition, SinkTopic } from "../../topic.ts";
import type {
  AsyncWork,
  Cancellable,
  CommittedNumber,
  PunctuationType,
  TaskContext,
  TaskHooks,
} from "./task-context.ts";
import { AsyncWorks } from "./async-works.ts";
import { TaskNumbers } from "./task-numbers.ts";
import type { DropReason } from "../metrics/drop-reason.ts";
import { OperatorSends } from "./operator-sends.ts";
import { Punctuations } from "./punctuations.ts";
import { RecordErrors } from "./record-errors.ts";
import type { TaskMetrics } from "../metrics/task-metrics.ts";
import type { Attempts } from "./attempts.ts";
import { ReadAhead } from "./read-ahead.ts";
import type { RecordSink } from "./record-sink.ts";
import type { RecordTrace, RecordTracer } from "./record-tracer.ts";
import type { SourceQueue } from "./source-queue.ts";
import type { TakenRecord } from "./taken-record.ts";
import type { TaskEnvironment } from "./task-environment.ts";
import type { TaskStores } from "./task-stores.ts";
import { checkSynchronous, type Synchronous } from "../../synchronous.ts";

/** One task as its operators see it, and what they have announced to it: windows to close, work under way. */
export class OperatorContext implements TaskContext {
  readonly taskId: string;
  readonly partition: number;
  readonly emitIntervalMs: number;
  streamTime = -1;
  readonly ahead: ReadAhead = new ReadAhead();
  readonly work: AsyncWorks = new AsyncWorks();
  readonly numbers: TaskNumbers = new TaskNumbers();
  /** The queue whose head is being processed. */
  current: SourceQueue | undefined;
  timestamp = 0;
  /** An operator has asked for a commit since the last seal. */
  commitRequested = false;
  headers: Headers = noHeaders;
  readonly stores: TaskStores;
  readonly hooks: TaskHooks[] = [];
  readonly streamPunctuations: Punctuations = new Punctuations();
  readonly wallPunctuations: Punctuations = new Punctuations();
  readonly #environment: TaskEnvironment;
  readonly #sink: RecordSink;
  readonly sends: OperatorSends;
  readonly #errors: RecordErrors;
  readonly metrics: TaskMetrics;
  readonly tracer: RecordTracer | undefined;
  /** Of the record that is being processed, where it is followed. */
  #trace: RecordTrace | undefined;
  readonly #timers: OwnTimers;
  /** The record that an asynchronous result belongs to. */
  #resumed: TakenRecord | undefined;
  #closed = false;

  constructor(
    taskId: string,
    stores: TaskStores,
    environment: TaskEnvironment,
    sink: RecordSink,
    attempts: Attempts,
  ) {
    this.taskId = taskId;
    this.partition = Number(taskId.slice(taskId.lastIndexOf("_") + 1));
    this.emitIntervalMs = environment.emitIntervalMs;
    this.stores = stores;
    this.#environment = environment;
    this.#timers = new OwnTimers(environment.clock);
    this.#sink = sink;
    this.sends = new OperatorSends(sink, environment, this);
    this.metrics = environment.metrics.task(taskId);
    this.tracer = environment.tracer;
    this.#errors = new RecordErrors(environment, sink, attempts, this.ahead, this.metrics);
  }

  /** What stopped the task. It is never committed past this. */
  get failure(): MillraceError | undefined {
    return this.#errors.failure;
  }

  /** The record to be tried again, once everything since the last commit is undone. */
  get retry(): MillraceError | undefined {
    return this.#errors.retry;
  }

  /** Whether the task can do nothing more until it starts over, or for good. */
  get halted(): boolean {
    return this.#errors.failure !== undefined || this.#errors.retry !== undefined || this.#closed;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** From here on nothing comes of the asynchronous work that is still under way: it will be done again. */
  close(): void {
    this.#closed = true;
    this.work.cancel();
    this.#timers.end();
  }

  get readingAhead(): boolean {
    return this.ahead.reading;
  }

  /** The cut has been sealed, or is given up: what was read ahead is part of the next commit. */
  releaseAhead(): void {
    const streamTime = this.ahead.release();
    if (streamTime > this.streamTime) {
      this.streamTime = streamTime;
      this.timestamp = streamTime;
      for (const hooks of this.hooks) hooks.onStreamTime?.(streamTime);
    }
    this.work.release();
  }

  /** The task should take no further record until asynchronous work has shrunk. */
  get full(): boolean {
    return this.work.full || this.ahead.full;
  }

  /** A store could not take or write a row: decided by the production handler. */
  refused(error: MillraceError): void {
    this.#errors.refused(error, this.position, this.#record);
  }

  negativeTimestamp(queue: SourceQueue): void {
    this.#errors.drop("negativeTimestamp", queue.headPosition, queue);
  }

  /** A record could not be read: decided by the deserialization handler. Returns when it is to be left out. */
  undecodable(error: unknown, queue: SourceQueue): void {
    if (this.tracer !== undefined && queue.headers.length > 0) {
      const trace = this.#beginTrace(this.tracer, queue);
      trace?.failed(error);
      trace?.end();
    }
    this.#errors.undecodable(error, queue);
  }

  get position(): RecordPosition | undefined {
    return this.#record?.headPosition;
  }

  taken(): TakenRecord | undefined {
    const taken = this.current?.taken();
    if (taken === undefined) return this.#resumed;
    return this.#trace === undefined ? taken : { ...taken, trace: this.#trace };
  }

  /** Processes a record, which goes by the headers that it is given, and is followed where the tracer wants that. */
  traced(tracer: RecordTracer, record: TakenRecord, process: (headers: Headers) => void): void {
    const trace = this.#beginTrace(tracer, record);
    if (trace === undefined) {
      process(record.headers);
      return;
    }
    this.#trace = trace;
    trace.run(() => process(trace.headers));
    this.#trace = undefined;
    trace.end();
  }

  #beginTrace(tracer: RecordTracer, { headers, headPosition }: TakenRecord): RecordTrace | undefined {
    return tracer.begin({
      ...headPosition,
      headers,
      applicationId: this.#environment.metrics.applicationId,
      taskId: this.taskId,
    });
  }

  now(): number {
    return this.#environment.clock.now();
  }

  store<D extends SomeStoreDefinition>(definition: D): StoreOf<D> {
    return this.stores.of(definition);
  }

  globalStore<K, V>({ name }: KeyValueStoreDefinition<K, V>): KeyValueStore<K, V> {
    return this.#environment.globals.store(name) as KeyValueStore<K, V>;
  }

  send<K, V>(
    topic: SinkTopic<K, V>,
    key: K,
    value: V,
    timestamp: number,
    headers: Headers,
    partition?: number,
  ): void {
    this.sends.send(topic, key, value, timestamp, headers, partition);
  }

  findTopic(topic: SinkTopic<never, never>): Promise<void> | undefined {
    return this.#sink.findTopic(topic);
  }

  partitionsOf(topic: string): number {
    return this.#sink.partitionsOf(topic);
  }

  /** A record could not be sent: decided by the production handler. */
  unsendable(error: unknown, topic: string): void {
    this.#errors.unsendable(error, topic, this.position, this.#record);
  }

  schedule(
    interval: number,
    type: PunctuationType,
    punctuate: (timestamp: number) => Synchronous,
  ): Cancellable {
    const guarded = (timestamp: number): void => {
      if (this.halted) return;
      try {
        checkSynchronous(punctuate(timestamp));
      } catch (error) {
        this.failed(error, "a punctuation");
      }
    };
    return type === "streamTime"
      ? this.streamPunctuations.add(0, interval, guarded)
      : this.wallPunctuations.add(this.now() + interval, interval, guarded);
  }

  /** Whether something is to be done at times that records, or the clock, bring about. */
  get punctuates(): boolean {
    return Number.isFinite(this.streamPunctuations.due) || Number.isFinite(this.wallPunctuations.due);
  }

  addAsyncWork(work: AsyncWork): void {
    this.work.add(work);
  }

  addHooks(hooks: TaskHooks): void {
    this.hooks.push(hooks);
  }

  monotonic(): number {
    return this.#environment.clock.monotonic();
  }

  get log(): Log {
    return this.#environment.log;
  }

  random(): number {
    return this.#environment.clock.random();
  }

  callLater(ms: number, callback: () => void): () => void {
    // A call that came to nothing after the task was given up is not repeated: others make it now.
    const timer = this.#timers.setTimeout(callback, ms);
    return () => this.#timers.clearTimeout(timer);
  }

  committedNumber(name: string): CommittedNumber {
    return this.numbers.of(name);
  }

  committedTime(name: string, shown: number): CommittedNumber {
    return this.numbers.time(name, shown);
  }

  resume(record: TakenRecord | undefined, timestamp: number, body: () => void): void {
    // The producer belongs to others by now: what a closed task sends would be in their transaction.
    if (this.#closed) return;
    this.#resumed = record;
    this.timestamp = timestamp;
    this.metrics.begin(this.now());
    try {
      if (record?.trace === undefined) body();
      else record.trace.run(body);
    } catch (error) {
      this.stop(error, "what came of an asynchronous call");
    }
    this.#resumed = undefined;
    this.#environment.wake();
  }

  drop(reason: DropReason): void {
    this.#errors.drop(reason, this.position, this.#record);
  }

  requestCommit(): void {
    this.commitRequested = true;
  }

  deadLetter(reason: Error): void {
    this.#followed?.failed(reason);
    this.#errors.deadLetter(reason, this.#record);
  }

  failed(error: unknown, operator: string): void {
    this.#followed?.failed(error);
    this.#errors.failed(error, operator, this.position, this.#record);
  }

  stop(error: unknown, operator: string): void {
    this.#followed?.failed(error);
    this.#errors.stop(error, operator, this.position);
  }

  get #followed(): RecordTrace | undefined {
    return this.current === undefined ? this.#resumed?.trace : this.#trace;
  }

  get #record(): TakenRecord | undefined {
    return this.current ?? this.#resumed;
  }
}
