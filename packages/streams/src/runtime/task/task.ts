import type { MillraceError } from "../../errors.ts";
import type { Headers } from "../../record.ts";
import type { StageNode } from "../../stages.ts";
import type { Entry } from "../../state/entry.ts";
import type { KeyValueStore } from "../../state/key-value-store.ts";
import type { StateStore } from "../../state/state-store.ts";
import type { KeyValueStoreDefinition, WindowStoreDefinition } from "../../state/store-definition.ts";
import type { WindowStore } from "../../state/window-store.ts";
import type { SubTopology } from "../../sub-topology.ts";
import type { RecordPosition, SinkTopic } from "../../topic.ts";
import type { OffsetToCommit } from "../../transport/group-coordinator.ts";
import { encodeOffsetMetadata } from "../offset-metadata.ts";
import type {
  AsyncWork,
  Cancellable,
  CommittedNumber,
  DropReason,
  PunctuationType,
  TaskContext,
  WindowCloser,
} from "../task-context.ts";
import { attach, type SourceInput } from "./attach.ts";
import { Punctuations } from "./punctuations.ts";
import { RecordErrors } from "./record-errors.ts";
import type { SourceQueue } from "./source-queue.ts";
import { sourcesByTopic } from "./sources-by-topic.ts";
import type { TaskEnvironment } from "./task-environment.ts";
import type { TakenRecord } from "./taken-record.ts";
import { TaskStores } from "./task-stores.ts";

/**
 * One sub-topology on one partition: takes records in the order of their timestamps and runs them through the
 * operators, synchronously. Everything it sends waits in the producer until the member commits.
 */
export class Task implements TaskContext {
  readonly taskId: string;
  readonly part: SubTopology;
  readonly partition: number;
  streamTime = -1;
  readonly queues: SourceQueue[] = [];
  readonly emitIntervalMs: number;
  readonly #environment: TaskEnvironment;
  readonly #stores: TaskStores;
  readonly #errors: RecordErrors;
  readonly #committed = new Map<string, CommittedNumber>();
  readonly #asyncWork: AsyncWork[] = [];
  readonly #closers: WindowCloser[] = [];
  readonly #streamPunctuations = new Punctuations();
  readonly #wallPunctuations = new Punctuations();
  readonly #inputs: SourceInput[] = [];
  /** The queue whose head is being processed. */
  #current: SourceQueue | undefined;
  /** The record that an asynchronous result belongs to. */
  #resumed: TakenRecord | undefined;
  /** Event time of what is being processed: the timestamp of changelog records. */
  #timestamp = 0;
  /** Since when, in time awake, there was no record to process; undefined while there is. */
  #idleSince: number | undefined;
  /** Offsets or stream time have moved since the last commit. */
  #advanced = false;

  constructor(part: SubTopology, partition: number, environment: TaskEnvironment) {
    this.part = part;
    this.partition = partition;
    this.taskId = `${part.id}_${partition}`;
    this.emitIntervalMs = environment.emitIntervalMs;
    this.#environment = environment;
    this.#errors = new RecordErrors(environment);
    this.#stores = new TaskStores(
      part.stores,
      () => this.#timestamp,
      (store, key, value, timestamp) => environment.writeChangelog(store, partition, key, value, timestamp),
      environment.caching,
      environment.expireInChangelog,
    );
  }

  /** A store of this task, to be restored before `open` or looked at by tests. */
  store(name: string): StateStore {
    return this.#stores.get(name);
  }

  /** Wires the operators. Its stores must have been restored, and `committed` holds the numbers of the last commit. */
  open(committed: ReadonlyMap<string, number>, addQueue: (node: StageNode) => SourceQueue | undefined): void {
    for (const [name, value] of committed) this.#committed.set(name, { value });
    const inputs = attach(this.part, this, (node, record) => this.#environment.sendRepartition(node, record));
    for (const source of sourcesByTopic(inputs)) {
      const queue = addQueue(source.node);
      if (queue === undefined) continue;
      this.queues.push(queue);
      this.#inputs.push(source.input);
      this.streamTime = Math.max(this.streamTime, queue.partitionTime);
    }
  }

  /** What stopped the task. It is never committed past this. */
  get failure(): MillraceError | undefined {
    return this.#errors.failure;
  }

  /** Processes up to `max` records; fewer when no more are there, asynchronous work is full, or the task failed. */
  process(max: number): number {
    let count = 0;
    while (count < max && this.failure === undefined && !this.#full()) {
      const at = this.#next();
      if (at < 0) break;
      this.#run(at);
      count++;
    }
    if (count > 0) {
      this.#advanced = true;
      this.#idleSince = undefined;
    }
    return count;
  }

  /** Fires wall-clock punctuations that are due. */
  punctuate(): void {
    this.#wallPunctuations.fire(this.now());
  }

  /**
   * Whether windows are to be closed for want of input, should its partitions turn out to have been read to their
   * ends. `awake` is the time, ms, that this process has really been running.
   */
  idleCloseDue(awake: number): boolean {
    if (this.#closers.length === 0) return false;
    if (this.queues.some((queue) => queue.load())) this.#idleSince = undefined;
    else this.#idleSince ??= awake;
    const idle = this.#idleSince === undefined ? -1 : awake - this.#idleSince;
    const now = this.now();
    return this.#closers.some(
      ({ closeOnIdle, nextIdleClose }) =>
        closeOnIdle !== undefined && idle >= closeOnIdle && nextIdleClose < now,
    );
  }

  /** Closes what `idleCloseDue` announced. */
  closeIdle(): void {
    const now = this.now();
    for (const closer of this.#closers) if (closer.closeOnIdle !== undefined) closer.onIdle(now);
  }

  /** There is input that has not been read yet, so the partition is not idle after all. */
  notIdle(): void {
    this.#idleSince = undefined;
  }

  /** When a wall-clock punctuation is due, ms since the epoch. */
  get nextPunctuation(): number {
    return this.#wallPunctuations.due;
  }

  /** Step 2 of a commit, one round: forwards every dirty row once, downstream and to its changelog. */
  flush(): void {
    this.#timestamp = this.streamTime;
    this.#stores.flush();
  }

  /** Nothing is dirty, and no asynchronous work is under way. */
  get settled(): boolean {
    return this.pendingAsync === 0 && !this.#stores.dirty;
  }

  get pendingAsync(): number {
    let pending = 0;
    for (const work of this.#asyncWork) pending += work.inFlight;
    return pending;
  }

  /** Whether a commit would change anything. */
  get hasSomethingToCommit(): boolean {
    return (
      this.#advanced || !this.settled || this.queues.some((queue) => queue.position > queue.committedPosition)
    );
  }

  /** The offsets to commit, with stream time and the operators' numbers in their metadata (KIP-1019's layout). */
  offsets(): readonly OffsetToCommit[] {
    const numbers = new Map<string, number>();
    for (const [name, { value }] of this.#committed) numbers.set(name, value);
    return this.queues.map((queue) => ({
      topic: queue.reading.topic,
      partition: queue.reading.partition,
      offset: queue.position,
      metadata: encodeOffsetMetadata({ partitionTime: queue.partitionTime, processors: numbers }),
    }));
  }

  /** The offsets of the last `offsets()` are durable, or on their way: what follows belongs to the next commit. */
  markCommitted(): void {
    this.#advanced = false;
    for (const queue of this.queues) queue.committedPosition = queue.position;
  }

  // What operators see.

  get position(): RecordPosition | undefined {
    return this.#record?.headPosition;
  }

  taken(): TakenRecord | undefined {
    return this.#current?.taken() ?? this.#resumed;
  }

  now(): number {
    return this.#environment.clock.now();
  }

  keyValueStore<K, V>({ name }: KeyValueStoreDefinition<K, V>): KeyValueStore<K, V> {
    return this.#stores.keyValue(name);
  }

  windowStore<K, V>({ name }: WindowStoreDefinition<K, V>): WindowStore<K, V> {
    return this.#stores.window(name);
  }

  onFlush<K, V>(store: string, listener: (entry: Entry<K, V>, old: V | undefined) => void): void {
    this.#stores.onFlush(store, listener);
  }

  send<K, V>(
    topic: SinkTopic<K, V>,
    key: K,
    value: V,
    timestamp: number,
    headers: Headers,
    partition?: number,
  ): void {
    try {
      this.#environment.sink.send(topic, key, value, timestamp, headers, partition);
    } catch (error) {
      this.#errors.unsendable(error, topic.name, this.position, this.#record);
    }
  }

  schedule(interval: number, type: PunctuationType, punctuate: (timestamp: number) => void): Cancellable {
    const guarded = (timestamp: number): void => {
      try {
        punctuate(timestamp);
      } catch (error) {
        this.stop(error, "a punctuation");
      }
    };
    return type === "streamTime"
      ? this.#streamPunctuations.add(0, interval, guarded)
      : this.#wallPunctuations.add(this.now() + interval, interval, guarded);
  }

  addAsyncWork(work: AsyncWork): void {
    this.#asyncWork.push(work);
  }

  addWindowCloser(closer: WindowCloser): void {
    this.#closers.push(closer);
  }

  committedNumber(name: string): CommittedNumber {
    let number = this.#committed.get(name);
    if (number === undefined) {
      number = { value: -1 };
      this.#committed.set(name, number);
    }
    return number;
  }

  resume(record: TakenRecord | undefined, timestamp: number, body: () => void): void {
    this.#resumed = record;
    this.#timestamp = timestamp;
    body();
    this.#resumed = undefined;
    this.#environment.wake();
  }

  drop(reason: DropReason): void {
    this.#errors.drop(reason, this.position, this.#record);
  }

  deadLetter(reason: Error): void {
    this.#errors.deadLetter(reason, this.#record);
  }

  failed(error: unknown, operator: string): void {
    this.#errors.failed(error, operator, this.position, this.#record);
  }

  stop(error: unknown, operator: string): void {
    this.#errors.stop(error, operator, this.position);
  }

  /** A record could not be read: decided by the deserialization handler. Returns when it is to be left out. */
  undecodable(error: unknown, queue: SourceQueue): void {
    this.#advanced = true;
    this.#errors.undecodable(error, queue);
  }

  get #record(): TakenRecord | undefined {
    return this.#current ?? this.#resumed;
  }

  #full(): boolean {
    for (const work of this.#asyncWork) if (work.full) return true;
    return false;
  }

  /** Index of the queue whose head has the smallest timestamp; -1 when none has one. */
  #next(): number {
    const { queues } = this;
    let best = -1;
    for (let at = 0; at < queues.length; at++) {
      const queue = queues[at] as SourceQueue;
      this.#current = undefined;
      if (!queue.load()) continue;
      if (best < 0 || queue.timestamp < (queues[best] as SourceQueue).timestamp) best = at;
    }
    return best;
  }

  #run(at: number): void {
    const queue = this.queues[at] as SourceQueue;
    const input = this.#inputs[at] as SourceInput;
    const { timestamp } = queue;
    this.#current = queue;
    this.#timestamp = timestamp;
    const moved = timestamp > this.streamTime;
    if (moved) {
      this.streamTime = timestamp;
      for (const closer of this.#closers) closer.onStreamTime(timestamp);
    }
    input({ key: queue.key, value: queue.value, timestamp, headers: queue.headers });
    this.#environment.metrics.processed++;
    queue.done();
    this.#current = undefined;
    if (this.streamTime >= this.#streamPunctuations.due) this.#streamPunctuations.fire(this.streamTime);
  }
}
