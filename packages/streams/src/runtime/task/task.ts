import type { MillraceError } from "../../errors.ts";
import type { RecordPosition } from "../../topic.ts";
import type { StateStore } from "../../state/state-store.ts";
import type { SomeStoreDefinition, StoreDefinition } from "../../state/store-definition.ts";
import type { StoreOf } from "../../state/store-of.ts";
import type { SubTopology } from "../../sub-topology.ts";
import type { ObservedStore } from "../metrics/observed.ts";
import type { CommittedNumbers } from "../topics/committed-numbers.ts";
import { Attempts } from "./attempts.ts";
import { type CommitPoint, TaskProgress } from "./task-progress.ts";
import { IdleWatch } from "./idle-watch.ts";
import { OperatorContext } from "./operator-context.ts";
import { mayReadAhead } from "./may-read-ahead.ts";
import type { RecordSink } from "./record-sink.ts";
import type { SourceQueue } from "./source-queue.ts";
import { inMemory, type StatePlace } from "./state-place.ts";
import type { WorkEnded } from "./slices.ts";
import type { TaskEnvironment } from "./task-environment.ts";
import { type TaskInput, TaskLife } from "./task-life.ts";
import { TaskStores } from "./task-stores.ts";
import type { AsyncCall } from "./task-context.ts";
import { Stride } from "./stride.ts";

/** What a task has of its sender: where its results go, and whether there were any since the last seal. */
export type TaskSink = RecordSink & { touched: boolean };

/**
 * One sub-topology on one partition: takes records in the order of their timestamps and runs them through the
 * operators, synchronously. What it sends waits in the producer until the member commits. Its stores outlive a
 * transaction that is void; its operators do not.
 */
export class Task {
  readonly taskId: string;
  readonly subTopology: SubTopology;
  readonly partition: number;
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
  #life: TaskLife;
  readonly #readsAhead: boolean;
  #cutFor: number | undefined;
  /** What it was opened with: its sources stay until it is opened again, whatever comes meanwhile. */
  #topicsRead: TaskInput["topicsRead"] = () => [];
  /** Offsets or stream time have moved since the last seal. */
  #advanced = false;
  #gone = false;
  /** Who waits for its stores, which are going back to the last commit. */
  readonly #undoing: WorkEnded[] = [];
  #endsUnknown = false;

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
    this.#readsAhead = mayReadAhead(subTopology);
    this.#stores = new TaskStores(
      subTopology.stores,
      {
        timestamp: () => this.context.timestamp,
        headers: () => this.context.headers,
        streamTime: () => this.context.streamTime,
        writeThrough: !environment.caching,
        expireInChangelog: environment.expireInChangelog,
        readsBack: environment.readsBack,
        refused: (error) => this.context.refused(error),
      },
      (store, key, value, timestamp, headers) => sink.writeChangelog(store, key, value, timestamp, headers),
      (store) => place.bytes(store),
      (store) => environment.metrics.task(this.taskId).lookupsOf(store),
    );
    this.#life = this.#newLife();
    this.#idle = new IdleWatch(this);
  }

  /** A store of this task, to be restored before `open`. */
  store(name: string): StateStore {
    return this.#stores.get(name);
  }

  /** All of them, as metrics have them. */
  get stores(): readonly ObservedStore[] {
    return this.#stores.all;
  }

  /** The same, typed by its definition. */
  storeOf<D extends SomeStoreDefinition>(definition: D): StoreOf<D> {
    return this.#stores.of(definition);
  }

  /** Wires the operators. Its stores must have been restored, and `committed` holds the numbers of the last commit. */
  open(committed: CommittedNumbers, input: TaskInput): void {
    this.#topicsRead = input.topicsRead;
    this.#wire(committed, input);
    this.#progress.begin(this.queues, committed);
    for (const queue of this.queues) queue.open();
  }

  get context(): OperatorContext {
    return this.#life.context;
  }

  get queues(): readonly SourceQueue[] {
    return this.#life.queues;
  }

  get closed(): boolean {
    return this.context.closed;
  }

  /** What stopped the task. It is never committed past this. */
  get failure(): MillraceError | undefined {
    return this.context.failure;
  }

  /** A record to be tried again, after everything since the last commit is undone. */
  get retry(): MillraceError | undefined {
    return this.context.retry;
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
    const { ahead } = this.context;
    ahead.reading = this.cutFor !== undefined;
    const count = this.#life.processSome(max);
    ahead.reading = false;
    if (count > 0) {
      // What was read ahead is not part of what is sealed next: its positions tell of it after that.
      if (this.cutFor === undefined) this.#advanced = true;
      this.#idle.busy();
    }
    return count;
  }

  /** The commit that holds what was done so far and nothing of what is read from now on: see `ReadAhead`. */
  get cutFor(): number | undefined {
    return this.#cutFor;
  }

  /** Where the task can read ahead: that commit ends here, whatever is processed before its seal. */
  cut(commit: number): void {
    if (!this.#readsAhead || this.context.punctuates) return;
    this.#cutFor = commit;
    this.#progress.cut(this.queues);
  }

  /** The commit of the cut is sealed, or given up: what was read ahead is part of the next. */
  release(): void {
    this.#cutFor = undefined;
    this.#progress.release();
    try {
      if (!this.context.halted) this.context.releaseAhead();
    } catch (error) {
      this.context.stop(error, "what was read ahead");
    }
  }

  /** The task is given away with the commit of its cut: what was read ahead is another's to do. */
  abandonAhead(): void {
    this.context.work.abandonAhead();
  }

  /** Fires wall-clock punctuations that are due. */
  punctuate(): void {
    const { halted, metrics, wallPunctuations } = this.context;
    if (halted) return;
    const now = this.context.now();
    metrics.begin(now);
    wallPunctuations.fire(now);
  }

  /** When a wall-clock punctuation is due, ms since the epoch. */
  get nextPunctuation(): number {
    return this.context.wallPunctuations.due;
  }

  get idle(): IdleWatch {
    return this.#idle;
  }

  /** The asynchronous call, or the serde, that has been waited for longest. */
  get oldestCall(): AsyncCall | undefined {
    return this.#life.oldestCall;
  }

  /** Steps 1 and 2 of a commit, as far as `until` allows; true once it is `settled`. */
  settle(until: number): boolean {
    return this.#life.settle(until);
  }

  /** Nothing is dirty, and no asynchronous work is under way but for what was read ahead. */
  get settled(): boolean {
    return this.#life.settled;
  }

  /** Whether `settle` has more to do without waiting for anybody. */
  get canSettleMore(): boolean {
    return this.#stores.dirty && !this.context.work.owedFull;
  }

  get pendingAsync(): number {
    return this.context.work.inFlight;
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

  /** An operator asks for a commit before it is due. */
  get wantsCommit(): boolean {
    return this.context.commitRequested;
  }

  /** What was done so far belongs to this commit; what follows to the next. Answers what to commit of its sources. */
  seal(commit: number): CommitPoint {
    for (const hooks of this.context.hooks) hooks.onCommit?.();
    const point = this.#progress.seal(commit, this.queues, this.context.numbers.all);
    this.#stores.seal(commit);
    this.#sink.touched = false;
    this.#advanced = false;
    this.context.commitRequested = false;
    return point;
  }

  /** Step 6: that commit is durable. `endOf` answers the end of a store's changelog, where it was written to. */
  committed(commit: number, endOf: (definition: StoreDefinition) => number | undefined): void {
    this.#progress.committed();
    this.#attempts.committed((position) => this.#holds(position));
    this.#stores.committed(commit, endOf);
  }

  /** Whether the last durable commit has the record. */
  #holds({ topic, partition, offset }: RecordPosition): boolean {
    const at = this.queues.findIndex((queue) => queue.topic === topic && queue.partition === partition);
    return offset < (this.lastCommit.positions[at]?.offset ?? 0);
  }

  /** A commit took effect whose answer was lost: stores hold more of their changelogs than their positions say. */
  get endsUnknown(): boolean {
    return this.#endsUnknown;
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
    this.context.close();
  }

  /**
   * Goes back to the last durable commit, which is what was sealed last where that `tookEffect`: stores, numbers,
   * positions; the operators are made anew. Nothing is restored. Takes slices of time: it must process nothing until the
   * promise resolves.
   */
  revert(tookEffect: boolean): Promise<void> {
    const { sealed } = this.#progress;
    if (tookEffect && sealed !== undefined) {
      this.committed(sealed.commit, () => undefined);
      this.#endsUnknown = true;
    }
    this.#progress.revert();
    const life = this.#life;
    return this.#undo(() => {
      // Not given up, or put back by somebody else, meanwhile.
      if (!this.#gone && this.#life === life) this.#beginAnew();
    });
  }

  #beginAnew(): void {
    const { lastCommit } = this.#progress;
    const { queues } = this;
    this.#life.context.close();
    this.#life = this.#newLife();
    this.#cutFor = undefined;
    let at = 0;
    const input = {
      topicsRead: this.#topicsRead,
      openQueue: (_source: unknown, topic: string) =>
        queues[at]?.topic === topic ? queues[at++] : undefined,
    };
    this.#wire(lastCommit.numbers, input);
    this.#advanced = false;
    this.#idle.busy();
    for (const [index, queue] of this.queues.entries()) {
      const position = lastCommit.positions[index];
      if (position !== undefined) queue.seek(position);
    }
  }

  /**
   * Goes back to the last durable commit, and gives its sources and operators up: its stores go on as a standby's, and
   * it may be opened again.
   */
  standBy(): Promise<void> {
    this.#progress.revert();
    this.#life.context.close();
    return this.#undo(() => this.#rest());
  }

  #rest(): void {
    this.#endsUnknown = false;
    this.#life.context.close();
    this.#life = this.#newLife();
    this.#cutFor = undefined;
    this.#advanced = false;
    this.pausedUntil = 0;
    this.#idle.busy();
  }

  /** `then` is called when the stores are back, before the promise resolves: nothing comes in between. */
  #undo(then: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#undoing.push((failure) => {
        if (failure !== undefined) {
          reject(failure.error);
          return;
        }
        then();
        resolve();
      });
      // It is under way for somebody else.
      if (this.#undoing.length > 1) return;
      this.#environment.slices.run(
        (budget) => !this.#gone && this.#stores.revert(budget),
        (failure) => {
          for (const ended of this.#undoing.splice(0)) ended(failure);
        },
      );
    });
  }

  /** It is another's from now on. What it did since the last commit is void, and nothing follows. */
  close(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.context.close();
    this.#stores.close();
    this.#place.close();
  }

  /** A timestamp extractor answered a negative one: the record is left out. */
  negativeTimestamp(queue: SourceQueue): void {
    this.#advanced = true;
    this.context.negativeTimestamp(queue);
  }

  /** A record could not be read: decided by the deserialization handler. Returns when it is to be left out. */
  undecodable(error: unknown, queue: SourceQueue): void {
    this.#advanced = true;
    this.context.undecodable(error, queue);
  }

  /** Stops it for good. */
  fail(error: unknown, what: string): void {
    this.context.stop(error, what);
  }

  #newLife(): TaskLife {
    const environment = this.#environment;
    return new TaskLife(
      new OperatorContext(this.taskId, this.#stores, environment, this.#sink, this.#attempts),
      environment,
    );
  }

  #wire(numbers: CommittedNumbers, input: TaskInput): void {
    this.#life.wire(this.subTopology, numbers, input, (error, queue) => this.undecodable(error, queue));
  }
}
