import type { MillraceError } from "../../errors.ts";
import type { StageNode } from "../../stages.ts";
import type { StateStore } from "../../state/state-store.ts";
import type { SomeStoreDefinition } from "../../state/store-definition.ts";
import type { StoreOf } from "../../state/store-of.ts";
import type { SubTopology } from "../../sub-topology.ts";
import type { OffsetToCommit } from "../../transport/group-coordinator.ts";
import type { CommittedNumbers } from "../topics/committed-numbers.ts";
import { encodeOffsetMetadata } from "../topics/offset-metadata.ts";
import { attach, type SourceInput } from "./attach.ts";
import { OperatorContext } from "./operator-context.ts";
import type { SourceQueue } from "./source-queue.ts";
import { sourcesByTopic } from "./sources-by-topic.ts";
import type { TaskEnvironment } from "./task-environment.ts";

/**
 * One sub-topology on one partition: takes records in the order of their timestamps and runs them through the
 * operators, synchronously. Everything it sends waits in the producer until the member commits.
 */
export class Task {
  readonly taskId: string;
  readonly part: SubTopology;
  readonly partition: number;
  readonly queues: SourceQueue[] = [];
  readonly #environment: TaskEnvironment;
  readonly #context: OperatorContext;
  readonly #inputs: SourceInput[] = [];
  /** Since when, in time awake, there was no record to process; undefined while there is. */
  #idleSince: number | undefined;
  /** Offsets or stream time have moved since the last commit. */
  #advanced = false;

  constructor(part: SubTopology, partition: number, environment: TaskEnvironment) {
    this.part = part;
    this.partition = partition;
    this.taskId = `${part.id}_${partition}`;
    this.#environment = environment;
    this.#context = new OperatorContext(this.taskId, partition, part.stores, environment);
  }

  /** A store of this task, to be restored before `open`. */
  store(name: string): StateStore {
    return this.#context.stores.get(name);
  }

  /** The same, typed by its definition. */
  storeOf<D extends SomeStoreDefinition>(definition: D): StoreOf<D> {
    return this.#context.stores.of(definition);
  }

  /** Wires the operators. Its stores must have been restored, and `committed` holds the numbers of the last commit. */
  open(committed: CommittedNumbers, addQueue: (node: StageNode) => SourceQueue | undefined): void {
    const context = this.#context;
    context.restoreNumbers(committed);
    const inputs = attach(this.part, context, (node, record) => context.sendRepartition(node, record));
    for (const source of sourcesByTopic(inputs, (error) => {
      if (context.current !== undefined) this.undecodable(error, context.current);
    })) {
      const queue = addQueue(source.node);
      if (queue === undefined) continue;
      this.queues.push(queue);
      this.#inputs.push(source.input);
      context.streamTime = Math.max(context.streamTime, queue.partitionTime);
    }
  }

  /** It is another's from now on, or starts anew. What it did since the last commit is void, and nothing follows. */
  close(): void {
    this.#context.close();
  }

  get closed(): boolean {
    return this.#context.closed;
  }

  /** What stopped the task. It is never committed past this. */
  get failure(): MillraceError | undefined {
    return this.#context.failure;
  }

  /** Processes up to `max` records; fewer when no more are there, asynchronous work is full, or the task failed. */
  process(max: number): number {
    const context = this.#context;
    let count = 0;
    while (count < max && context.failure === undefined && !context.full) {
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
    this.#context.wallPunctuations.fire(this.#context.now());
  }

  /**
   * Whether windows are to be closed for want of input, should its partitions turn out to have been read to their
   * ends. `awake` is the time, ms, that this process has really been running.
   */
  idleCloseDue(awake: number): boolean {
    const { closers } = this.#context;
    if (closers.length === 0) return false;
    if (this.queues.some((queue) => queue.load())) this.#idleSince = undefined;
    else this.#idleSince ??= awake;
    const idle = this.#idleSince === undefined ? -1 : awake - this.#idleSince;
    const now = this.#context.now();
    return closers.some(
      ({ closeOnIdle, nextIdleClose }) =>
        closeOnIdle !== undefined && idle >= closeOnIdle && nextIdleClose < now,
    );
  }

  /** Closes what `idleCloseDue` announced. */
  closeIdle(): void {
    const now = this.#context.now();
    for (const closer of this.#context.closers) if (closer.closeOnIdle !== undefined) closer.onIdle(now);
  }

  /** There is input that has not been read yet, so the partition is not idle after all. */
  notIdle(): void {
    this.#idleSince = undefined;
  }

  /** When a wall-clock punctuation is due, ms since the epoch. */
  get nextPunctuation(): number {
    return this.#context.wallPunctuations.due;
  }

  /** Step 2 of a commit, one round: forwards every dirty row once, downstream and to its changelog. */
  flush(): void {
    this.#context.timestamp = this.#context.streamTime;
    this.#context.stores.flush();
  }

  /** Nothing is dirty, and no asynchronous work is under way. */
  get settled(): boolean {
    return this.pendingAsync === 0 && !this.#context.stores.dirty;
  }

  get pendingAsync(): number {
    return this.#context.pendingAsync;
  }

  /** Whether a commit would change anything. */
  get hasSomethingToCommit(): boolean {
    return (
      this.#advanced || !this.settled || this.queues.some((queue) => queue.position > queue.committedPosition)
    );
  }

  /** The offsets to commit, with stream time and the operators' numbers in their metadata (KIP-1019's layout). */
  offsets(): readonly OffsetToCommit[] {
    const times = this.queues.map(({ partitionTime }) => partitionTime);
    const metadata = encodeOffsetMetadata(times, this.#context.numbers);
    return this.queues.map((queue, at) => ({
      topic: queue.reading.topic,
      partition: queue.reading.partition,
      offset: queue.position,
      leaderEpoch: queue.leaderEpoch,
      metadata: metadata[at] ?? "",
    }));
  }

  /** The offsets of the last `offsets()` are durable, or on their way: what follows belongs to the next commit. */
  markCommitted(): void {
    this.#advanced = false;
    this.#context.stores.committed();
    for (const queue of this.queues) queue.committedPosition = queue.position;
  }

  /** A timestamp extractor answered a negative one: the record is left out. */
  negativeTimestamp(queue: SourceQueue): void {
    this.#advanced = true;
    this.#context.negativeTimestamp(queue);
  }

  /** A record could not be read: decided by the deserialization handler. Returns when it is to be left out. */
  undecodable(error: unknown, queue: SourceQueue): void {
    this.#advanced = true;
    this.#context.undecodable(error, queue);
  }

  /** Index of the queue whose head has the smallest timestamp; -1 when none has one. */
  #next(): number {
    const { queues } = this;
    let best = -1;
    this.#context.current = undefined;
    for (let at = 0; at < queues.length; at++) {
      const queue = queues[at] as SourceQueue;
      if (!queue.load()) continue;
      if (best < 0 || queue.timestamp < (queues[best] as SourceQueue).timestamp) best = at;
    }
    return best;
  }

  #run(at: number): void {
    const context = this.#context;
    const queue = this.queues[at] as SourceQueue;
    const input = this.#inputs[at] as SourceInput;
    const { timestamp } = queue;
    context.current = queue;
    context.timestamp = timestamp;
    if (timestamp > context.streamTime) {
      context.streamTime = timestamp;
      for (const closer of context.closers) closer.onStreamTime(timestamp);
    }
    input({ key: queue.key, value: queue.value, timestamp, headers: queue.headers });
    this.#environment.metrics.processed++;
    queue.done();
    context.current = undefined;
    if (context.streamTime >= context.streamPunctuations.due)
      context.streamPunctuations.fire(context.streamTime);
  }
}
