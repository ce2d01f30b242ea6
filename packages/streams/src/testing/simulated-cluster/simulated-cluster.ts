import { type Clock, systemClock } from "../../clock.ts";
import { type Headers, noHeaders } from "../../record.ts";
import type { Topic } from "../../topic.ts";
import { partitionForKey } from "../../transport/murmur2.ts";
import type { TopicSpec } from "../../transport/transport.ts";
import { SimulatedBrokers } from "./broker/simulated-brokers.ts";
import { simulatedRecord } from "./broker/simulated-record.ts";
import { SimulatedTransport } from "./client/simulated-transport.ts";
import type { LateArrival } from "./late-arrival.ts";
import { fairWeather, type NetworkWeather } from "./network-weather.ts";
import { SimulatedProcess } from "./simulated-process.ts";

/** What a simulated cluster is made of. */
export interface SimulatedClusterOptions {
  /** Of everything that takes time in it; the system's by default. With a `VirtualClock` a test is quick, and repeats. */
  readonly clock?: Clock;
  /** Number of brokers; 3. */
  readonly brokers?: number;
  /** How long a message is on its way, ms, asked for each; 1 by default. */
  readonly latencyMs?: () => number;
  /** What becomes of each request, instead of `latencyMs`: some may be lost. */
  readonly weather?: NetworkWeather;
  /** How long the marker of a transaction's end is on its way to each log and group, ms, asked for each; 0. */
  readonly markerMs?: () => number;
  /** Whether one partition of a request that names several fails this time, asked for each; never. */
  readonly hiccups?: () => boolean;
  /** Told of each request as it arrives, and of what happens to brokers. */
  readonly trace?: (line: string) => void;
  /** Told of what brokers take when whoever has sent it is gone: its process was killed, or its producer closed. */
  readonly late?: (arrival: LateArrival) => void;
}

/** Where and when `pipe` writes a record. */
export interface PipeOptions {
  /** ms since the epoch; the clock's. */
  readonly timestamp?: number;
  /** That of the key, as producers choose it. */
  readonly partition?: number;
  readonly headers?: Headers;
}

/** A record as `read` finds it. */
export interface ReadRecord<K, V> {
  readonly partition: number;
  readonly offset: number;
  readonly key: K;
  readonly value: V;
  /** ms since the epoch. */
  readonly timestamp: number;
  readonly headers: Headers;
}

/**
 * A Kafka cluster in this process: brokers, topics, groups, transactions, and clients whose processes can be frozen and
 * killed. All of it goes with the process.
 *
 * @example
 * const clock = new VirtualClock({ seed: 7 });
 * const cluster = simulatedCluster({ clock });
 * cluster.createTopic({ topic: "words", partitions: 3, configs: {} });
 * const process = cluster.process("first");
 * const app = createApp(counts, { transport: cluster.transport(process), clock: process });
 * await clock.run(app.start());
 * cluster.pipe(words, "key", "value");
 */
export class SimulatedCluster {
  /** What happens to the brokers is up to the test: who leads, who coordinates, who is down. */
  readonly brokers: SimulatedBrokers;
  readonly #clock: Clock;
  readonly #weather: NetworkWeather;
  readonly #trace: ((line: string) => void) | undefined;
  #processes = 0;

  constructor(options: SimulatedClusterOptions = {}) {
    const {
      clock = systemClock,
      brokers = 3,
      latencyMs = () => 1,
      weather = fairWeather(latencyMs),
    } = options;
    const { markerMs = () => 0, hiccups = () => false, trace, late = () => undefined } = options;
    this.#clock = clock;
    this.#weather = weather;
    this.#trace = trace;
    this.brokers = new SimulatedBrokers({ clock, nodes: brokers, markerMs, hiccups, trace, late });
  }

  /** A process of its own, to be given to an application as its clock, and to its transport. */
  process(name = `process-${++this.#processes}`): SimulatedProcess {
    return new SimulatedProcess(name, this.#clock);
  }

  /** A client, to be connected and closed like any other; in a process of its own unless one is given. */
  transport(process: SimulatedProcess = this.process()): SimulatedTransport {
    return new SimulatedTransport({
      brokers: this.brokers,
      process,
      weather: this.#weather,
      trace: this.#trace,
    });
  }

  /** Creates a topic; one that is there is left as it is. */
  createTopic(topic: TopicSpec): void {
    this.brokers.createTopic(topic);
  }

  /** Writes a record, at once and whatever becomes of brokers and network. Throws where there is no such topic. */
  pipe<K, V>(topic: Topic<K, V>, key: K, value: V, options: PipeOptions = {}): void {
    const { logs } = this.brokers.topic(topic.name);
    const keyBytes = topic.key.serialize(key);
    const partition = options.partition ?? (keyBytes === null ? 0 : partitionForKey(keyBytes, logs.length));
    const { timestamp = this.#clock.now(), headers = noHeaders } = options;
    this.brokers
      .log(topic.name, partition)
      .write([simulatedRecord(keyBytes, topic.value.serialize(value), timestamp, headers)]);
  }

  /** All committed records of a topic as they are now, partition by partition. Throws where there is no such topic. */
  read<K, V>(topic: Topic<K, V>): readonly ReadRecord<K, V>[] {
    return this.brokers.topic(topic.name).logs.flatMap((log, partition) => {
      const { entries } = log.read(log.startOffset, true, Number.MAX_SAFE_INTEGER);
      return entries.flatMap(({ offset, record }) => {
        if (record === undefined) return [];
        const { bytes, keyLength, valueLength, timestamp, headers } = record;
        const keyEnd = Math.max(0, keyLength);
        const key = topic.key.deserialize(bytes, keyLength < 0 ? -1 : 0, keyEnd);
        const value = topic.value.deserialize(
          bytes,
          valueLength < 0 ? -1 : keyEnd,
          keyEnd + Math.max(0, valueLength),
        );
        return [{ partition, offset, key, value, timestamp, headers }];
      });
    });
  }

  /** Compacts every partition of a topic now. */
  compact(topic: string): void {
    for (const log of this.brokers.topic(topic).logs) log.compact();
  }

  /** Stops its timers. */
  close(): void {
    this.brokers.close();
  }
}

/** Starts one. */
export const simulatedCluster = (options?: SimulatedClusterOptions): SimulatedCluster =>
  new SimulatedCluster(options);
