import type { MillraceError } from "../../errors.ts";
import type { ByteStore } from "../../state/byte-store.ts";
import type { StateStore } from "../../state/state-store.ts";
import type { SomeStoreDefinition } from "../../state/store-definition.ts";
import type { StoreOf } from "../../state/store-of.ts";
import type { StageNode } from "../../stages.ts";
import type { SubTopology } from "../../sub-topology.ts";
import type { CommittedNumbers } from "../topics/committed-numbers.ts";
import { Attempts } from "./attempts.ts";
import { attach, type SourceInput } from "./attach.ts";
import { type CommitPoint, TaskProgress } from "./task-progress.ts";
import { IdleWatch } from "./idle-watch.ts";
import { OperatorContext } from "./operator-context.ts";
import type { RecordSink } from "./record-sink.ts";
import type { SourceQueue } from "./source-queue.ts";
import { sourcesByTopic } from "./sources-by-topic.ts";
import type { TaskEnvironment } from "./task-environment.ts";
import { TaskStores } from "./task-stores.ts";
import type { AsyncCall } from "./task-context.ts";
import { Stride } from "./stride.ts";

/** Where the stores of a task are kept beside their changelogs; undefined: in memory. */
export interface StatePlace {
  bytes(store: string): ByteStore | undefined;
  /** Bytes that were committed and would not outlive the process yet. */
  readonly pendingBytes: number;
  /** The task is no longer here. */
  close(): void;
}

const inMemory: StatePlace = { bytes: () => undefined, pendingBytes: 0, close: () => undefined };

/** What a task has of its sender: where its results go, and whether there were any since the last seal. */
export type TaskSink = RecordSink & { touched: boolean };

/** Makes the queue of a source; undefined where its topic has no such partition. */
export type OpenQueue = (source: StageNode) => SourceQueue | undefined;

/**
 * One sub-topology on one partition: takes records in the order of their timestamps and runs them through the
 * operators, synchronously. What it sends waits in the producer until the member commits. Its stores outlive a
 * transaction that is void; its operators do not.
 */
export class Task {
  readonly taskId: string;
  readonly subTopology: SubTopology;
  readonly partition: number;
  readonly queues: SourceQueue[] = [];
  /** Until when it takes no records, for one of them is to be tried again; ms of the monotonic clock. */
  pausedUntil = 0;
  readonly #environment: TaskEnvironment;
  readonly #sink: TaskSink;
  readonly #stores: TaskStores;
  readonly #attempts = new Attempts();
  readonly #progress = new TaskProgress();
  readonly #idle: IdleWatch;
  readonly #stride = new Stride();
  readonly #place: StatePlace;
  /** One life of the operators: they are made anew when a transaction was void. */
  #context: OperatorContext;
  /** What takes the records of each queue. */
  #inputs: SourceInput[] = [];
  /** Offsets or stream time have moved since the last seal. */
  #advanced = false;
  #gone = false;
  /** Since when others have records while a partition may still get some; ms of the monotonic clock. */
  #waitsSince: number | undefined;

  constructor(
    subTopology: SubTopology,
    partition: number,
    environment: TaskEnvironment,
    sink: TaskSink,
    place: StatePlace = inMemory,
  ) {
    this.subTopology = subTopology;
    this.partition = partition;
    this.taskId = `${subTopology.id}_${partition}`;
    this.#environment = environment;
    this.#place = place;
    this.#sink = sink;
    this.#stores = new TaskStores(
      subTopology.stores,
      {
        timestamp: () => this.#context.timestamp,
        streamTime: () => this.#context.streamTime,
        writeThrough: !environment.caching,
        expireInChangelog: environment.expireInChangelog,
        refused: (error) => this.#context.refused(error),
      },
      (store, key, value, timestamp, headers) => sink.writeChangelog(store, key, value, timestamp, headers),
      (store) => place.bytes(store),
    );
    this.#context = this.#newContext();
    this.#idle = new IdleWatch(this);
  }

  /** A store of this task, to be restored before `open`. */
  store(name: string): StateStore {
    return this.#stores.get(name);
  }

  /** The same, typed by its definition. */
  storeOf<D extends SomeStoreDefinition>(definition: D): StoreOf<D> {
    return this.#stores.of(definition);
  }

  /** Wires the operators. Its stores must have been restored, and `committed` holds the numbers of the last commit. */
  open(committed: CommittedNumbers, openQueue: OpenQueue): void {
    this.#wire(committed, openQueue);
    this.#progress.begin(this.queues, committed);
    for (const queue of this.queues) queue.open();
  }

  get context(): OperatorContext {
    return this.#context;
  }

  get closed(): boolean {
    return this.#context.closed;
  }

  /** What stopped the task. It is never committed past this. */
  get failure(): MillraceError | undefined {
    return this.#context.failure;
  }

  /** A record to be tried again, after everything since the last commit is undone. */
  get retry(): MillraceError | undefined {
    return this.#context.retry;
  }

  /** Processes until `until`, ms of the monotonic clock; whether there may be more to do at once. */
  process(until: number): boolean {
    const { clock } = this.#environment;
    if (this.pausedUntil > 0 && clock.monotonic() < this.pausedUntil) return false;
    const stride = this.#stride;
    for (let now = clock.monotonic(); now < until;) {
      const done = this.processSome(stride.records);
      const then = clock.monotonic();
      if (done < stride.records) return false;
      stride.took(then - now);
      now = then;
    }
    return true;
  }

  /** Processes up to `max` records; fewer when no more are there, asynchronous work is full, or the task is halted. */
  processSome(max: number): number {
    const context = this.#context;
    let count = 0;
    try {
      while (count < max && !context.halted && !context.full) {
        const at = this.#next();
        if (at < 0) break;
        this.#run(at);
        count++;
      }
    } catch (error) {
      // A batch that can't be read, or what a handler let through.
      context.stop(error, "reading");
    }
    if (count > 0) {
      this.#advanced = true;
      this.#idle.busy();
    }
    return count;
  }

  /** Fires wall-clock punctuations that are due. */
  punctuate(): void {
    if (!this.#context.halted) this.#context.wallPunctuations.fire(this.#context.now());
  }

  /** When a wall-clock punctuation is due, ms since the epoch. */
  get nextPunctuation(): number {
    return this.#context.wallPunctuations.due;
  }

  get idle(): IdleWatch {
    return this.#idle;
  }

  /** The asynchronous call, or the serde, that has been waited for longest. */
  get oldestCall(): AsyncCall | undefined {
    const call = this.#context.oldestCall;
    const waiting = this.queues.find(({ waitingSince }) => waitingSince !== undefined);
    if (waiting?.waitingSince === undefined || (call !== undefined && call.since <= waiting.waitingSince))
      return call;
    return { since: waiting.waitingSince, operator: "a serde", position: waiting.headPosition };
  }

  /**
   * Steps 1 and 2 of a commit, as far as `until` allows: forwards every dirty row once, downstream and to its changelog,
   * and again while that made others dirty. True once nothing is dirty or in flight.
   */
  settle(until: number): boolean {
    const context = this.#context;
    const { clock } = this.#environment;
    if (context.halted) return true;
    if (context.pendingAsync === 0 || !context.full)
      this.#flush(() => clock.monotonic() < until && !context.full);
    return context.halted || this.settled;
  }

  /** Nothing is dirty, and no asynchronous work is under way. */
  get settled(): boolean {
    return this.pendingAsync === 0 && !this.#stores.dirty;
  }

  /** Whether `settle` has more to do without waiting for anybody. */
  get canSettleMore(): boolean {
    return this.#stores.dirty && !this.#context.full;
  }

  get pendingAsync(): number {
    return this.#context.pendingAsync;
  }

  /** Estimate, bytes, of what the stores hold for the next commit. */
  get dirtyBytes(): number {
    return this.#stores.dirtyBytes;
  }

  /** Bytes that were committed and are still being written to where state is kept. */
  get pendingStateBytes(): number {
    return this.#place.pendingBytes;
  }

  /** Whether a commit would change anything. */
  get touched(): boolean {
    return this.#advanced || this.#sink.touched || !this.settled || this.#progress.hasMoved(this.queues);
  }

  /** What was done so far belongs to this commit; what follows to the next. Answers what to commit of its sources. */
  seal(commit: number): CommitPoint {
    for (const hooks of this.#context.hooks) hooks.onCommit?.();
    const point = this.#progress.seal(commit, this.queues, this.#context.numbers);
    this.#stores.seal(commit);
    this.#sink.touched = false;
    this.#advanced = false;
    return point;
  }

  /** Step 6: that commit is durable. `endOf` answers the end of a store's changelog, where it was written to. */
  committed(commit: number, endOf: (store: string) => number | undefined): void {
    this.#progress.committed();
    this.#stores.committed(commit, endOf);
  }

  /** What was sealed last, and is not known to be durable. */
  get sealed(): CommitPoint | undefined {
    return this.#progress.sealed;
  }

  get lastCommit(): CommitPoint {
    return this.#progress.lastCommit;
  }

  /** From here on it sends nothing, and nothing comes of its asynchronous work: the transaction is void. */
  suspend(): void {
    const { position } = this.retry ?? {};
    if (this.retry !== undefined)
      this.pausedUntil = this.#environment.clock.monotonic() + this.#attempts.add(position);
    this.#context.close();
  }

  /**
   * Goes back to the last durable commit, which is what was sealed last where that `tookEffect`: stores, numbers,
   * positions; the operators are made anew. Nothing is restored.
   */
  revert(tookEffect: boolean): void {
    const { sealed } = this.#progress;
    if (tookEffect && sealed !== undefined) this.committed(sealed.commit, () => undefined);
    this.#progress.revert();
    this.#stores.revert();
    const { lastCommit } = this.#progress;
    this.#context.close();
    this.#context = this.#newContext();
    let at = 0;
    this.#wire(lastCommit.numbers, () => this.queues[at++]);
    this.#advanced = false;
    this.#waitsSince = undefined;
    this.#idle.busy();
    for (const [index, queue] of this.queues.entries()) {
      const position = lastCommit.positions[index];
      if (position !== undefined) queue.seek(position);
    }
  }

  /** It is another's from now on. What it did since the last commit is void, and nothing follows. */
  close(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#context.close();
    this.#stores.close();
    this.#place.close();
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

  /** Stops it for good. */
  fail(error: unknown, what: string): void {
    this.#context.stop(error, what);
  }

  #newContext(): OperatorContext {
    return new OperatorContext(this.taskId, this.#stores, this.#environment, this.#sink, this.#attempts);
  }

  #wire(numbers: CommittedNumbers, queueOf: OpenQueue): void {
    const context = this.#context;
    context.restoreNumbers(numbers);
    const inputs = attach(this.subTopology, context, (node, record) => context.sendRepartition(node, record));
    const refuse = (error: unknown): void => {
      if (context.current !== undefined) this.undecodable(error, context.current);
    };
    this.#inputs = [];
    const queues: SourceQueue[] = [];
    for (const { node, input } of sourcesByTopic(inputs, refuse)) {
      const queue = queueOf(node);
      if (queue === undefined) continue;
      queues.push(queue);
      this.#inputs.push(input);
      context.streamTime = Math.max(context.streamTime, queue.partitionTime);
    }
    this.queues.splice(0, this.queues.length, ...queues);
  }

  #flush(budget: () => boolean): void {
    const context = this.#context;
    context.timestamp = context.streamTime;
    try {
      this.#stores.flush(budget);
    } catch (error) {
      context.stop(error, "flushing");
    }
  }

  /** Index of the queue whose head has the smallest timestamp; -1 when none has one, or another is waited for. */
  #next(): number {
    const { queues } = this;
    let best = -1;
    let missing: SourceQueue | undefined;
    this.#context.current = undefined;
    for (let at = 0; at < queues.length; at++) {
      const queue = queues[at] as SourceQueue;
      if (!queue.load()) missing = queue.isAtEnd && this.#environment.maxTaskIdleMs === 0 ? missing : queue;
      else if (best < 0 || queue.timestamp < (queues[best] as SourceQueue).timestamp) best = at;
    }
    if (missing === undefined || best < 0) {
      this.#waitsSince = undefined;
      return best;
    }
    return this.#mayOvertake() ? best : -1;
  }

  /**
   * Whether records may be taken although a partition has none: when all others have been fetched to their ends, and that
   * for `maxTaskIdleMs` (KIP-695; negative: at once, whatever is still to be fetched).
   */
  #mayOvertake(): boolean {
    const { maxTaskIdleMs, clock } = this.#environment;
    if (maxTaskIdleMs < 0) return true;
    // What is known to be there is waited for without end: it is on its way.
    if (this.queues.some((queue) => !queue.isAtEnd && !queue.load())) {
      this.#waitsSince = undefined;
      return false;
    }
    this.#waitsSince ??= clock.monotonic();
    return clock.monotonic() - this.#waitsSince >= maxTaskIdleMs;
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
      for (const hooks of context.hooks) hooks.onStreamTime?.(timestamp);
    }
    input({ key: queue.key, value: queue.value, timestamp, headers: queue.headers });
    // Not taken, then: it is tried again from the last commit.
    if (context.retry !== undefined) return;
    this.#environment.metrics.processed++;
    queue.done();
    context.current = undefined;
    if (context.streamTime >= context.streamPunctuations.due)
      context.streamPunctuations.fire(context.streamTime);
  }
}
