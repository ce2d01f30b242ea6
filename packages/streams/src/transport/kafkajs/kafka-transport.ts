import kafkajs, { type Admin, type KafkaConfig } from "kafkajs";
import { messageOf } from "../../errors.ts";
import type { Log } from "../../runtime/logger.ts";
import { silent } from "../../runtime/logger.ts";
import type { Fetcher, FetcherOptions } from "../fetcher.ts";
import type { GroupCoordinator } from "../group-coordinator.ts";
import type { ProducerOptions, RecordProducer } from "../record-producer.ts";
import type { TopicPartition } from "../topic-partition.ts";
import type { OffsetSpec, TopicMetadata, TopicSpec, Transport } from "../transport.ts";
import { TransportError } from "../transport-error.ts";
import { createCluster } from "./internals.ts";
import { checkCode } from "./kafka-error.ts";
import { KafkaConnection } from "./kafka-connection.ts";
import { KafkaFetcher } from "./kafka-fetcher.ts";
import { KafkaGroupCoordinator } from "./kafka-group-coordinator.ts";
import { KafkaProducer } from "./kafka-producer.ts";
import { listOffsets } from "./requests/list-offsets.ts";
import { retrying } from "./retry.ts";

// CommonJS: its names are not all seen as exports.
const { ConfigResourceTypes, Kafka, logLevel } = kafkajs;

export interface KafkaOptions extends Pick<KafkaConfig, "ssl" | "sasl" | "clientId"> {
  /** `host:port` of some brokers; the others are found through them. */
  readonly brokers: readonly string[];
  readonly log?: Log;
}

/** Kafka over the network. TLS and SASL are kafkajs' `ssl` and `sasl` settings, passed through. */
export const kafka = ({ brokers, log = silent, ...rest }: KafkaOptions): Transport =>
  new KafkaTransport(brokers, rest, log);

class KafkaTransport implements Transport {
  readonly #admin: Admin;
  /** Metadata, produce, transactions, offsets, heartbeats. */
  readonly #main: KafkaConnection;
  /** Joins and syncs: a broker holds them until the whole group is there. */
  readonly #joins: KafkaConnection;
  readonly #fetchers: KafkaConnection[] = [];
  readonly #config: KafkaConfig;
  readonly #brokers: readonly string[];

  constructor(brokers: readonly string[], config: Omit<KafkaOptions, "brokers" | "log">, log: Log) {
    this.#brokers = brokers;
    this.#config = {
      ...config,
      brokers: [...brokers],
      connectionTimeout: 5_000,
      requestTimeout: 30_000,
      retry: { initialRetryTime: 50, retries: 3, maxRetryTime: 1_000 },
      logLevel: logLevel.WARN,
      logCreator: () => (entry) =>
        log("debug", `kafkajs: ${entry.log.message}`, { namespace: entry.namespace }),
    };
    this.#admin = new Kafka(this.#config).admin();
    this.#main = this.#connection();
    this.#joins = this.#connection();
  }

  async connect(): Promise<void> {
    await this.#main.connect();
    await Promise.all([this.#joins.connect(), this.#guard("connecting", () => this.#admin.connect())]);
  }

  async close(): Promise<void> {
    await Promise.all([
      this.#admin.disconnect(),
      this.#main.close(),
      this.#joins.close(),
      ...this.#fetchers.map((connection) => connection.close()),
    ]);
  }

  async describeTopics(topics: readonly string[]): Promise<ReadonlyMap<string, TopicMetadata>> {
    const all = await retrying(() => this.#main.topics());
    const found = new Map<string, TopicMetadata>();
    for (const topic of topics) {
      const partitions = all.get(topic);
      if (partitions !== undefined) found.set(topic, { topic, partitions });
    }
    return found;
  }

  async describeTopicConfig(topic: string): Promise<ReadonlyMap<string, string>> {
    const { resources } = await this.#guard(`configuration of ${topic}`, () =>
      this.#admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
      }),
    );
    return new Map(
      resources.flatMap(({ configEntries }) => configEntries.map((e) => [e.configName, e.configValue])),
    );
  }

  async createTopics(topics: readonly TopicSpec[]): Promise<void> {
    await this.#guard("creating topics", () =>
      this.#admin.createTopics({
        waitForLeaders: false,
        topics: topics.map(({ topic, partitions, replicationFactor = -1, configs }) => ({
          topic,
          numPartitions: partitions,
          replicationFactor,
          configEntries: Object.entries(configs).map(([name, value]) => ({ name, value })),
        })),
      }),
    );
    for (const { topic, partitions } of topics)
      for (let partition = 0; partition < partitions; partition++)
        await retrying(
          () => this.#main.leader(topic, partition),
          () => this.#main.refresh(),
        );
  }

  async deleteRecords(
    before: readonly { readonly partition: TopicPartition; readonly offset: number }[],
  ): Promise<void> {
    for (const [topic, members] of Map.groupBy(before, ({ partition }) => partition.topic))
      await this.#guard(`deleting records of ${topic}`, () =>
        this.#admin.deleteTopicRecords({
          topic,
          partitions: members.map(({ partition: { partition }, offset }) => ({
            partition,
            offset: String(offset),
          })),
        }),
      );
  }

  async listOffsets(
    partitions: readonly TopicPartition[],
    at: OffsetSpec,
    readCommitted: boolean,
  ): Promise<readonly { readonly partition: TopicPartition; readonly offset: number }[]> {
    return retrying(
      async () => {
        const byLeader = new Map<number, TopicPartition[]>();
        for (const partition of partitions) {
          const leader = await this.#main.leader(partition.topic, partition.partition);
          const members = byLeader.get(leader);
          if (members === undefined) byLeader.set(leader, [partition]);
          else members.push(partition);
        }
        const answers = await Promise.all(
          [...byLeader].map(([leader, members]) =>
            this.#main.send(leader, listOffsets(members, at === "latest" ? -1 : -2, readCommitted)),
          ),
        );
        return answers.flat().map(({ topic, partition, errorCode, offset }) => {
          checkCode(errorCode, `offsets of ${topic}-${partition}`);
          return { partition: { topic, partition }, offset };
        });
      },
      () => this.#main.refresh(),
    );
  }

  createFetcher(options: FetcherOptions): Fetcher {
    // A connection for each: the broker answers the requests on one connection in turn, and holds empty fetches.
    const connection = this.#connection();
    this.#fetchers.push(connection);
    const opened = connection.connect().catch(() => undefined);
    const fetcher = new KafkaFetcher(connection, options);
    return {
      add: (topic, partition, offset) => fetcher.add(topic, partition, offset),
      remove: (topic, partition) => fetcher.remove(topic, partition),
      take: (topic, partition) => fetcher.take(topic, partition),
      close: async () => {
        await opened;
        await fetcher.close();
        this.#fetchers.splice(this.#fetchers.indexOf(connection), 1);
        await connection.close();
      },
    };
  }

  createProducer(options: ProducerOptions): Promise<RecordProducer> {
    return KafkaProducer.open(this.#main, options, async (topic) => {
      const limit = (await this.describeTopicConfig(topic)).get("max.message.bytes");
      return Number(limit ?? 1_048_588);
    });
  }

  groupCoordinator(groupId: string): GroupCoordinator {
    return new KafkaGroupCoordinator(groupId, this.#joins, this.#main);
  }

  #connection(): KafkaConnection {
    return new KafkaConnection(createCluster(this.#config), this.#brokers);
  }

  async #guard<T>(what: string, body: () => Promise<T>): Promise<T> {
    try {
      return await body();
    } catch (error) {
      if (error instanceof TransportError) throw error;
      const { type } = error as { readonly type?: string };
      throw new TransportError(`${what}: ${messageOf(error)}`, type ?? "NETWORK", type === undefined, {
        cause: error,
      });
    }
  }
}
