import { MillraceError } from "../errors.ts";
import { noHeaders } from "../record.ts";
import { defaultErrorHandlers } from "../runtime/settings/error-handlers.ts";
import { AppMetrics } from "../runtime/metrics/app-metrics.ts";
import type { Metrics } from "../runtime/metrics/metrics.ts";
import { silent } from "../log.ts";
import { startSerdes } from "../runtime/topics/start-serdes.ts";
import { sourceSerdes } from "../runtime/topics/source-serdes.ts";
import type { SourceQueue } from "../runtime/task/source-queue.ts";
import type { TaskEnvironment } from "../runtime/task/task-environment.ts";
import { unsliced } from "../runtime/task/slices.ts";
import { Task } from "../runtime/task/task.ts";
import type { SomeStoreDefinition } from "../state/store-definition.ts";
import type { StoreOf } from "../state/store-of.ts";
import type { StageNode } from "../stages.ts";
import type { SinkTopic, Topic } from "../topic.ts";
import type { Topology } from "../topology.ts";
import { DriverClock } from "./test-driver/driver-clock.ts";
import { DriverGlobals } from "./test-driver/driver-globals.ts";
import { DriverInputs } from "./test-driver/driver-inputs.ts";
import { DriverOutputs, type OutputRecord, type ProducedRecord } from "./test-driver/driver-outputs.ts";
import { DriverProducer } from "./test-driver/driver-producer.ts";
import { DriverTopics } from "./test-driver/driver-topics.ts";
import type { PipedRecord, TestDriverOptions } from "./test-driver/test-driver-options.ts";

/** More rounds than stores are thought to need until none of them changes another any more. */
const mostRounds = 10_000;

/**
 * Runs a topology without a broker, in virtual time, one task per sub-topology and partition (Kafka Streams'
 * `TopologyTestDriver`). Every input is processed to its end, through all repartition topics, and committed. What stores
 * keep is what a restart would find: read back by its serde, and frozen, so that who changes it in place fails. With
 * asynchronous operators, or a serde that has to fetch a schema first, `await settle()` before looking at outputs.
 */
export class TestDriver {
  readonly metrics: Metrics;
  readonly #topology: Topology;
  readonly #environment: TaskEnvironment;
  readonly #metrics: AppMetrics;
  readonly #queues = new Map<Task, Map<string, SourceQueue>>();
  #tasks: readonly Task[] = [];
  readonly #topics: DriverTopics;
  readonly #clock: DriverClock;
  readonly #inputs: DriverInputs;
  readonly #outputs = new DriverOutputs();
  readonly #producer: DriverProducer;
  readonly #globals: DriverGlobals;
  #commits = 0;
  #wake: (() => void) | undefined;

  /** Throws a MillraceError COPARTITION where topics have to be partitioned alike and are not. */
  constructor(topology: Topology, options: TestDriverOptions = {}) {
    this.#topology = topology;
    const { deadLetterTopic, lateTopic, partitions = {} } = options;
    this.#topics = new DriverTopics(topology, partitions, [deadLetterTopic, lateTopic]);
    this.#clock = new DriverClock(options.startTime ?? 0);
    this.#inputs = new DriverInputs(
      () => this.#clock.monotonic(),
      () => this.#wake?.(),
    );
    this.#globals = new DriverGlobals(this.#inputs);
    this.#producer = new DriverProducer(topology.name, this.#topics, this.#inputs, this.#outputs);
    const metrics = new AppMetrics(topology, { now: () => this.#clock.now() }, topology.name);
    this.metrics = metrics;
    const environment: TaskEnvironment = {
      clock: this.#clock,
      log: options.log ?? silent,
      metrics,
      handlers: { ...defaultErrorHandlers(deadLetterTopic !== undefined), ...options.handlers },
      deadLetterTopic,
      lateTopic,
      caching: options.caching ?? true,
      emitIntervalMs: options.emitIntervalMs ?? 0,
      expireInChangelog: options.expireInChangelog ?? true,
      readsBack: true,
      // All that there is has been read: what is not there now will not be fetched later.
      maxTaskIdleMs: -1,
      globals: this.#globals,
      slices: unsliced,
      wake: () => this.#wake?.(),
    };
    for (const node of topology.globals) this.#globals.open(node, environment);
    this.#environment = environment;
    this.#metrics = metrics;
    this.#openTasks();
  }

  /** Starts the serdes, as an application does: needed where one registers schemas. */
  async start(): Promise<void> {
    await startSerdes(this.#topology, this.#topology.name, this.#topics.matched);
  }

  /** Every record written so far, in order: sinks, repartition topics, changelogs, dead letters. */
  get produced(): readonly ProducedRecord[] {
    return this.#outputs.produced;
  }

  /**
   * Pipes one record into a source topic and processes it to its end (`TestInputTopic.pipeInput`). The last argument may be
   * a timestamp alone, ms. A topic that a pattern matches is taken up when it is first piped into, and the operators of its
   * tasks are made anew then, as in an application. Throws what stops a task, and a MillraceError UNKNOWN_TOPIC for what is
   * no source topic.
   */
  pipeInput<K, V>(topic: SinkTopic<K, V>, key: K, value: V, record?: number | PipedRecord): void {
    this.pipeBytes(topic.name, topic.key.serialize(key), topic.value.serialize(value), record);
  }

  /** `pipeInput` with bytes as they are, for input that no serde would write. */
  pipeBytes(
    topic: string,
    key: Uint8Array | null,
    value: Uint8Array | null,
    record: number | PipedRecord = {},
  ): void {
    if (this.#topics.take(topic)) this.#openTasks();
    if (!this.#inputs.has(topic))
      throw new MillraceError(`"${topic}" is not a source topic of "${this.#topology.name}"`, {
        code: "UNKNOWN_TOPIC",
      });
    const given = typeof record === "number" ? { timestamp: record } : record;
    const { timestamp = this.#clock.now(), headers = noHeaders } = given;
    const partition = given.partition ?? this.#topics.partitionOf(topic, key);
    if (!(partition < this.#topics.partitions(topic)))
      throw new RangeError(
        `"${topic}" has ${this.#topics.partitions(topic)} partitions, and none ${partition}`,
      );
    this.#inputs.pipe(topic, partition, { key, value, timestamp, headers });
    this.#work();
  }

  /** Moves the wall clock by `ms`: wall-clock punctuations fire, windows of idle inputs close. */
  advanceWallClock(ms: number): void {
    this.#clock.advance(ms);
    this.#inputs.begin();
    for (const task of this.#tasks) {
      task.punctuate();
      if (task.idle.isDue(this.#clock.monotonic())) task.idle.close();
    }
    this.#work();
  }

  /** Waits until nothing asynchronous is under way, and commits what came of it. */
  async settle(): Promise<void> {
    while (this.#blocked() || this.#tasks.some((task) => !task.settled)) {
      this.#work();
      if (this.#blocked()) await this.#woken();
    }
    this.#work();
  }

  /**
   * The records written to a topic since it was last read here (`TestOutputTopic.readRecordsToList`). Throws a MillraceError
   * UNKNOWN_TOPIC for a topic that the topology neither reads nor writes.
   */
  readOutput<K, V>(topic: Topic<K, V>): readonly OutputRecord<K, V>[] {
    if (!this.#outputs.has(topic.name)) this.#topics.check(topic.name);
    return this.#outputs.read(topic);
  }

  /** `readOutput`, keys and values alone (`readKeyValuesToList`). */
  readKeyValues<K, V>(topic: Topic<K, V>): readonly (readonly [key: K, value: V])[] {
    return this.readOutput(topic).map(({ key, value }) => [key, value]);
  }

  /** `readOutput`, values alone (`readValuesToList`). */
  readValues<K, V>(topic: Topic<K, V>): readonly V[] {
    return this.readOutput(topic).map(({ value }) => value);
  }

  /**
   * A store, of one partition or of a global table, to be read and written (`getKeyValueStore` and its like): by a definition,
   * with its types, or by its name and `store<WindowStoreDefinition<string, number>>(name)`. Throws where there is none, or
   * where there are several partitions and none is given.
   */
  store<D extends SomeStoreDefinition>(store: D | string, partition?: number): StoreOf<D> {
    const name = typeof store === "string" ? store : store.name;
    const global = this.#globals.find(name);
    if (global !== undefined) return global as unknown as StoreOf<D>;
    const tasks = this.#tasks.filter(({ subTopology }) =>
      subTopology.stores.some((candidate) => candidate.name === name),
    );
    if (tasks.length === 0) throw new Error(`there is no store "${name}" in "${this.#topology.name}"`);
    if (partition === undefined && tasks.length > 1)
      throw new Error(`store "${name}" has ${tasks.length} partitions: say which one`);
    const task = tasks.find((candidate) => candidate.partition === (partition ?? 0));
    if (task === undefined)
      throw new RangeError(`store "${name}" has ${tasks.length} partitions, and none ${partition}`);
    return typeof store === "string" ? (task.store(name) as unknown as StoreOf<D>) : task.storeOf(store);
  }

  #work(): void {
    this.#globals.take();
    for (let busy = true; busy;) {
      busy = false;
      for (const task of this.#tasks) {
        while (task.processSome(1) > 0) {
          busy = true;
          this.#inputs.checkLoop();
          this.#commit(task);
        }
        this.#commit(task);
      }
      busy ||= this.#inputs.waiting && !this.#blocked();
    }
  }

  #blocked(): boolean {
    return this.#tasks.some(
      ({ pendingAsync, queues }) =>
        pendingAsync > 0 || queues.some(({ waitingSince }) => waitingSince !== undefined),
    );
  }

  #commit(task: Task): void {
    // A task's idleness starts with its first look that finds nothing.
    task.idle.isDue(this.#clock.monotonic());
    let rounds = 0;
    do {
      if (task.failure !== undefined) throw task.failure;
      task.settle(Number.POSITIVE_INFINITY);
      if (++rounds > mostRounds)
        throw new MillraceError(
          `the stores of task ${task.taskId} changed each other ${mostRounds} times in one commit: an endless loop? Let ` +
            "what comes back end somewhere",
          { code: "ENDLESS_LOOP" },
        );
    } while (task.canSettleMore);
    if (task.failure !== undefined) throw task.failure;
    if (!task.settled) return;
    const commit = ++this.#commits;
    task.seal(commit);
    task.committed(commit, () => undefined);
  }

  /** Opens the tasks that there are by the plan, and those again that read more than they did. */
  #openTasks(): void {
    this.#tasks = this.#topology.subTopologies.flatMap((subTopology) =>
      Array.from({ length: this.#topics.tasks(subTopology.id) }, (_, partition) => {
        const taskId = `${subTopology.id}_${partition}`;
        const known = this.#tasks.find((candidate) => candidate.taskId === taskId);
        const task =
          known ??
          new Task(
            subTopology,
            partition,
            this.#environment,
            this.#producer.sink(partition, this.#metrics.task(taskId)),
          );
        const topicsRead = (source: StageNode): readonly string[] =>
          this.#topics.read(source).filter((topic) => partition < this.#topics.partitions(topic));
        const topics = new Set(subTopology.sources.flatMap(topicsRead));
        if (known !== undefined && topics.size === known.queues.length) return known;
        if (known !== undefined && !known.settled)
          throw new MillraceError(
            `task ${taskId} has asynchronous work under way, and is to read another topic: settle() first`,
            { code: "UNSETTLED" },
          );
        void known?.standBy();
        task.open(task.lastCommit.numbers, {
          topicsRead,
          openQueue: (source, topic) => this.#queue(task, source, topic),
        });
        return task;
      }),
    );
  }

  #queue(task: Task, source: StageNode, topic: string): SourceQueue {
    const queues = this.#queues.get(task) ?? new Map<string, SourceQueue>();
    this.#queues.set(task, queues);
    const known = queues.get(topic);
    if (known !== undefined) return known;
    const opened = this.#inputs.queue(
      { topic, partition: task.partition, ...sourceSerdes(source, topic) },
      {
        unreadable: (error) => task.fail(error, "reading"),
        undecodable: (error, queue) => task.undecodable(error, queue),
        negativeTimestamp: (queue) => task.negativeTimestamp(queue),
      },
    );
    queues.set(topic, opened);
    return opened;
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
