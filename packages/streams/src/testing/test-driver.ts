import { MillraceError } from "../errors.ts";
import { type Headers, noHeaders } from "../record.ts";
import { defaultErrorHandlers, type ErrorHandlers } from "../runtime/app/error-handlers.ts";
import { AppMetrics } from "../runtime/metrics/app-metrics.ts";
import type { Metrics } from "../runtime/metrics/metrics.ts";
import type { TaskMetrics } from "../runtime/metrics/task-metrics.ts";
import { changelogTopic } from "../runtime/topics/internal-topic-names.ts";
import { type Log, silent } from "../runtime/app/logger.ts";
import { sourceTopic } from "../runtime/topics/plan.ts";
import { startSerdes } from "../runtime/app/start-serdes.ts";
import { CommittedNumbers } from "../runtime/topics/committed-numbers.ts";
import { GlobalTableState } from "../runtime/global/global-table-state.ts";
import { SourceQueue, type SourceQueueHooks } from "../runtime/task/source-queue.ts";
import type { SourceReading } from "../runtime/task/source-reading.ts";
import { Task, type TaskSink } from "../runtime/task/task.ts";
import type { TaskEnvironment } from "../runtime/task/task-environment.ts";
import { checkTimestamp } from "../runtime/task/timestamp.ts";
import type { KeyValueStore } from "../state/key-value-store.ts";
import type { SessionStore } from "../state/session-store.ts";
import type {
  KeyValueStoreDefinition,
  SessionStoreDefinition,
  WindowStoreDefinition,
} from "../state/store-definition.ts";
import type { WindowStore } from "../state/window-store.ts";
import type { StageNode } from "../stages.ts";
import type { SinkTopic, Topic } from "../topic.ts";
import type { Topology } from "../topology.ts";
import { memoryChunk, type MemoryRecord } from "./memory-chunk.ts";

/** More records than one input is thought to lead to. */
const endless = 100_000;

/** A record that the topology wrote, as its topic would hold it. */
export interface ProducedRecord extends MemoryRecord {
  readonly topic: string;
  /** Undefined where the key decides. */
  readonly partition: number | undefined;
  /** Number of inputs piped so far, the one that made it included. */
  readonly afterInput: number;
}

/** How a test driver runs its topology (`TopologyTestDriver`'s properties). */
export interface TestDriverOptions {
  /** Wall clock at the start, ms since the epoch. */
  readonly startTime?: number;
  /** False: each change is forwarded at once, as with `statestore.cache.max.bytes = 0`. True by default. */
  readonly caching?: boolean;
  readonly emitIntervalMs?: number;
  /** False: changelogs show no tombstones of expired windows, as on the JVM. True by default. */
  readonly expireInChangelog?: boolean;
  readonly handlers?: Partial<ErrorHandlers>;
  readonly deadLetterTopic?: string;
  readonly lateTopic?: string;
  readonly log?: Log;
}

/** A record as the user sees it, read from an output topic. */
export interface OutputRecord<K, V> {
  readonly key: K;
  readonly value: V;
  readonly timestamp: number;
  readonly headers: Headers;
}

/**
 * Runs a topology without a broker, in virtual time, as one task per sub-topology (Kafka Streams'
 * `TopologyTestDriver`). Every input is processed to its end, through all repartition topics, and committed. With
 * asynchronous operators, or a serde that has to fetch a schema first, `await settle()` before looking at outputs.
 */
export class TestDriver {
  readonly metrics: Metrics;
  readonly #topology: Topology;
  readonly #tasks: readonly Task[];
  readonly #inputs = new Map<string, { readonly pending: MemoryRecord[]; nextOffset: number }>();
  readonly #produced: ProducedRecord[] = [];
  readonly #read = new Map<string, number>();
  /** Records written to source topics since the last input, by topic. */
  readonly #fedBack = new Map<string, number>();
  readonly #globals: { readonly state: GlobalTableState; readonly queue: SourceQueue }[] = [];
  #now: number;
  #monotonic = 0;
  #piped = 0;
  #commits = 0;
  /** Deadlines and pauses of asynchronous calls, in the order that they were set; they pass with the wall clock. */
  readonly #timers: { readonly at: number; callback: (() => void) | undefined }[] = [];
  #wake: (() => void) | undefined;

  constructor(topology: Topology, options: TestDriverOptions = {}) {
    this.#topology = topology;
    this.#now = options.startTime ?? 0;
    const {
      caching = true,
      emitIntervalMs = 0,
      expireInChangelog = true,
      deadLetterTopic,
      lateTopic,
      log = silent,
    } = options;
    const metrics = new AppMetrics(topology, { now: () => this.#now }, topology.name);
    this.metrics = metrics;
    const environment: TaskEnvironment = {
      clock: {
        now: () => this.#now,
        monotonic: () => this.#monotonic,
        setTimeout: (callback, ms) => this.#timers.push({ at: this.#monotonic + ms, callback }),
        clearTimeout: (handle) => {
          const timer = this.#timers[(handle as number) - 1];
          if (timer !== undefined) timer.callback = undefined;
        },
        setImmediate: () => {
          throw new Error("tasks wait for no turns");
        },
        random: () => 0.5,
      },
      log,
      metrics,
      handlers: { ...defaultErrorHandlers(deadLetterTopic !== undefined), ...options.handlers },
      deadLetterTopic,
      lateTopic,
      caching,
      emitIntervalMs,
      expireInChangelog,
      // One task has all: what is not there now will not be fetched later.
      maxTaskIdleMs: -1,
      globals: { store: (name) => this.#globalStore(name) },
      wake: () => this.#wake?.(),
    };
    for (const node of topology.globals) {
      const state = new GlobalTableState(node, environment);
      this.#globals.push({ state, queue: this.#globalQueue(node, state) });
    }
    this.#tasks = topology.subTopologies.map((subTopology) => {
      const task = new Task(subTopology, 0, environment, this.#sink(metrics.task(`${subTopology.id}_0`)));
      task.open(new CommittedNumbers(new Map()), (node) => this.#queue(task, node));
      return task;
    });
  }

  /** Starts the serdes, as an application does: needed where one registers schemas. */
  async start(): Promise<void> {
    await startSerdes(this.#topology, this.#topology.name);
  }

  /** Every record written so far, in order: sinks, repartition topics, changelogs, dead letters. */
  get produced(): readonly ProducedRecord[] {
    return this.#produced;
  }

  /** Pipes one record into a source topic and processes it to its end. Throws what stops a task. */
  pipeInput<K, V>(
    topic: SinkTopic<K, V>,
    key: K,
    value: V,
    timestamp: number = this.#now,
    headers: Headers = noHeaders,
  ): void {
    this.pipeBytes(topic.name, topic.key.serialize(key), topic.value.serialize(value), timestamp, headers);
  }

  /** `pipeInput` with bytes as they are, for input that no serde would write. */
  pipeBytes(
    topic: string,
    key: Uint8Array | null,
    value: Uint8Array | null,
    timestamp: number,
    headers: Headers = noHeaders,
  ): void {
    const input = this.#inputs.get(topic);
    if (input === undefined) throw new Error(`"${topic}" is not a source topic of "${this.#topology.name}"`);
    this.#piped++;
    this.#fedBack.clear();
    input.pending.push({ key, value, timestamp, headers });
    this.#work();
  }

  /** Moves the wall clock by `ms`: wall-clock punctuations fire, windows of idle inputs close. */
  advanceWallClock(ms: number): void {
    this.#now += ms;
    this.#monotonic += ms;
    for (const timer of this.#timers)
      if (timer.at <= this.#monotonic) {
        const { callback } = timer;
        timer.callback = undefined;
        callback?.();
      }
    this.#piped++;
    this.#fedBack.clear();
    for (const task of this.#tasks) {
      task.punctuate();
      if (task.idle.isDue(this.#monotonic)) task.idle.close();
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

  /** The records written to a topic since it was last read here. */
  readOutput<K, V>(topic: Topic<K, V>): readonly OutputRecord<K, V>[] {
    const from = this.#read.get(topic.name) ?? 0;
    this.#read.set(topic.name, this.#produced.length);
    return this.#produced
      .slice(from)
      .filter((record) => record.topic === topic.name)
      .map(({ key, value, timestamp, headers }) => ({
        key: decode(topic.key.deserialize, key),
        value: decode(topic.value.deserialize, value),
        timestamp,
        headers,
      }));
  }

  keyValueStore<K, V>(name: string): KeyValueStore<K, V> {
    return this.#taskOf(name).storeOf({ kind: "keyValue", name } as KeyValueStoreDefinition<K, V>);
  }

  /** The store of a global table. */
  globalStore<K, V>(name: string): KeyValueStore<K, V> {
    return this.#globalStore(name) as KeyValueStore<K, V>;
  }

  windowStore<K, V>(name: string): WindowStore<K, V> {
    return this.#taskOf(name).storeOf({ kind: "window", name } as WindowStoreDefinition<K, V>);
  }

  sessionStore<K, V>(name: string): SessionStore<K, V> {
    return this.#taskOf(name).storeOf({ kind: "session", name } as SessionStoreDefinition<K, V>);
  }

  #taskOf(store: string): Task {
    const task = this.#tasks.find(({ subTopology }) => subTopology.stores.some(({ name }) => name === store));
    if (task === undefined) throw new Error(`there is no store "${store}" in "${this.#topology.name}"`);
    return task;
  }

  #globalStore(name: string): KeyValueStore<unknown, unknown> {
    const found = this.#globals.find(({ state }) => state.store.name === name);
    if (found === undefined) throw new Error(`no global table has a store "${name}"`);
    return found.state.store;
  }

  #work(): void {
    for (const { state, queue } of this.#globals) state.take(queue, () => false);
    for (let busy = true; busy;) {
      busy = false;
      for (const task of this.#tasks) {
        while (task.processSome(1) > 0) {
          busy = true;
          this.#checkLoop();
          this.#commit(task);
        }
        this.#commit(task);
      }
      busy ||= [...this.#inputs.values()].some(({ pending }) => pending.length > 0) && !this.#blocked();
    }
  }

  /** A topology that feeds itself would never come to an end. */
  #checkLoop(): void {
    let records = 0;
    for (const count of this.#fedBack.values()) records += count;
    if (records <= endless) return;
    const topics = [...this.#fedBack.keys()].map((topic) => `"${topic}"`).join(", ");
    throw new MillraceError(
      `one input made more than ${endless} records for ${topics}, which the topology reads again: an endless loop? Let ` +
        "what comes back end somewhere",
      { code: "ENDLESS_LOOP" },
    );
  }

  #blocked(): boolean {
    return this.#tasks.some(
      ({ pendingAsync, queues }) =>
        pendingAsync > 0 || queues.some(({ waitingSince }) => waitingSince !== undefined),
    );
  }

  #commit(task: Task): void {
    // A task's idleness starts with its first look that finds nothing.
    task.idle.isDue(this.#monotonic);
    do {
      if (task.failure !== undefined) throw task.failure;
      task.settle(Number.POSITIVE_INFINITY);
    } while (task.canSettleMore);
    if (task.failure !== undefined) throw task.failure;
    if (!task.settled) return;
    const commit = ++this.#commits;
    task.seal(commit);
    task.committed(commit, () => undefined);
  }

  #sink({ produced, changelogged }: TaskMetrics): TaskSink {
    return {
      touched: false,
      send: (topic, key, value, timestamp, headers, partition) => {
        checkTimestamp(timestamp);
        produced.of(topic.name).records++;
        this.#produce(topic.name, partition, {
          key: topic.key.serialize(key),
          value: topic.value.serialize(value),
          timestamp,
          headers,
        });
      },
      sendBytes: (topic, partition, key, value, timestamp, headers) => {
        produced.of(topic).records++;
        this.#produce(topic, partition, { key, value, timestamp, headers });
      },
      sendRepartition: (node, record) => {
        const topic = sourceTopic(node, this.#topology.name);
        produced.of(topic).records++;
        this.#produce(topic, node.role.type === "repartition" ? node.role.partitionOf?.(record) : undefined, {
          key: node.key?.serialize(record.key) ?? null,
          value: node.value?.serialize(record.value) ?? null,
          timestamp: record.timestamp,
          headers: record.headers,
        });
      },
      writeChangelog: (store, key, value, timestamp, headers = noHeaders) => {
        changelogged.of(store).records++;
        this.#produce(changelogTopic(this.#topology.name, { name: store }), 0, {
          key,
          value,
          timestamp,
          headers,
        });
      },
    };
  }

  #produce(topic: string, partition: number | undefined, record: MemoryRecord): void {
    this.#produced.push({ ...record, topic, partition, afterInput: this.#piped });
    const input = this.#inputs.get(topic);
    if (input === undefined) return;
    input.pending.push(record);
    this.#fedBack.set(topic, (this.#fedBack.get(topic) ?? 0) + 1);
  }

  #queue(task: Task, node: StageNode): SourceQueue {
    const { key, value, role, operator } = node;
    if (key === undefined || value === undefined) throw new Error(`"${operator}" has no serdes`);
    const topic = sourceTopic(node, this.#topology.name);
    const timestamp = role.type === "source" ? role.topic.timestamp : undefined;
    return this.#newQueue(
      { topic, partition: 0, key, value, timestamp },
      {
        unreadable: (error) => task.fail(error, "reading"),
        undecodable: (error, queue) => task.undecodable(error, queue),
        negativeTimestamp: (queue) => task.negativeTimestamp(queue),
      },
    );
  }

  #newQueue(
    reading: SourceReading,
    hooks: Pick<SourceQueueHooks, "unreadable" | "undecodable" | "negativeTimestamp">,
  ): SourceQueue {
    const { topic } = reading;
    if (this.#inputs.has(topic)) throw new Error(`"${topic}" is read twice`);
    const input = { pending: [] as MemoryRecord[], nextOffset: 0 };
    this.#inputs.set(topic, input);
    return new SourceQueue(
      reading,
      { offset: 0, partitionTime: -1 },
      {
        take: () => {
          const record = input.pending.shift();
          return record === undefined ? undefined : memoryChunk(topic, 0, input.nextOffset++, record);
        },
        end: () => input.nextOffset + input.pending.length,
        fetchFrom: () => undefined,
        now: () => this.#monotonic,
        ready: () => this.#wake?.(),
        ...hooks,
      },
    );
  }

  #globalQueue({ role, key, value }: StageNode, state: GlobalTableState): SourceQueue {
    if (role.type !== "global" || key === undefined || value === undefined)
      throw new Error("a global table has a topic and serdes");
    const { name: topic, timestamp } = role.topic;
    return this.#newQueue(
      { topic, partition: 0, key, value, timestamp },
      {
        unreadable: (error) => {
          throw error;
        },
        undecodable: (error, queue) => state.undecodable(error, queue),
        negativeTimestamp: (queue) => state.negativeTimestamp(queue),
      },
    );
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

const decode = <T>(
  deserialize: (source: Buffer, start: number, end: number) => T,
  bytes: Uint8Array | null,
): T => {
  const source = Buffer.from(bytes ?? []);
  return deserialize(source, bytes === null ? -1 : 0, source.length);
};
