import { type KafkaConfig, logLevel } from "kafkajs";
import { type Log, silent } from "../../log.ts";
import type { Fetcher, FetcherOptions } from "../fetcher.ts";
import type { GroupCoordinator } from "../group-coordinator.ts";
import type { HealthEvent } from "../health-event.ts";
import type { ProducerOptions, RecordProducer } from "../record-producer.ts";
import type { TopicPartition } from "../topic-partition.ts";
import type { OffsetSpec, TopicMetadata, TopicSpec, Transport } from "../transport.ts";
import { Cluster } from "./cluster.ts";
import { KafkaAdmin } from "./kafka-admin.ts";
import { KafkaFetcher } from "./kafka-fetcher.ts";
import { KafkaGroupCoordinator } from "./kafka-group-coordinator.ts";
import { KafkaProducer } from "./kafka-producer.ts";
import type { DeleteBefore } from "./requests/delete-records.ts";

/** How to reach Kafka. */
export interface KafkaOptions extends Pick<KafkaConfig, "sasl" | "clientId"> {
  /** `host:port`, or `[IPv6 address]:port`, of some brokers; the others are found through them. */
  readonly brokers: readonly string[];
  /**
   * TLS: true for the system's certificate authorities, or Node's settings of a connection: `ca` for a private authority,
   * `cert` and `key` for a client certificate, all in PEM.
   */
  readonly ssl?: KafkaConfig["ssl"];
  /** How long `connect` tries before it rejects, ms. 10 seconds, unless said otherwise. */
  readonly connectTimeoutMs?: number;
  /** What is known of brokers and leaders is asked anew when it is that old (`metadata.max.age.ms`), ms; 300,000. */
  readonly metadataMaxAgeMs?: number;
  /** Told what kafkajs has to say about connections, as debug. Silent by default. */
  readonly log?: Log;
}

/**
 * Kafka (2.8 or later) over the network. TLS and SASL are kafkajs' `ssl` and `sasl` settings, passed through. Throws a
 * MillraceError `CONFIG` for a broker whose address is none.
 */
export const kafka = (options: KafkaOptions): Transport => new KafkaTransport(options);

class KafkaTransport implements Transport {
  readonly #cluster: Cluster;
  readonly #admin: KafkaAdmin;
  readonly #connectTimeoutMs: number;
  readonly #open = new Set<{ close(): Promise<void> }>();

  constructor({
    brokers,
    connectTimeoutMs = 10_000,
    metadataMaxAgeMs,
    log = silent,
    ssl,
    sasl,
    clientId = "millrace",
  }: KafkaOptions) {
    this.#connectTimeoutMs = connectTimeoutMs;
    const settings = {
      clientId,
      ...(ssl !== undefined && { ssl }),
      ...(sasl !== undefined && { sasl }),
      connectionTimeout: Math.min(3_000, connectTimeoutMs),
      requestTimeout: 5_000,
      logLevel: logLevel.WARN,
      logCreator: () => (entry: { readonly namespace: string; readonly log: { readonly message: string } }) =>
        log("debug", `kafkajs: ${entry.log.message}`, { namespace: entry.namespace }),
    };
    this.#cluster = new Cluster(settings, brokers, metadataMaxAgeMs);
    this.#admin = new KafkaAdmin(this.#cluster);
  }

  connect(): Promise<void> {
    return this.#cluster.connect(this.#connectTimeoutMs);
  }

  async close(): Promise<void> {
    // Producers first: what they leave open is aborted over connections that still work.
    await Promise.all([...this.#open].map((one) => one.close()));
    this.#open.clear();
    await this.#cluster.close();
  }

  onHealth(listener: (event: HealthEvent) => void): () => void {
    return this.#cluster.health.listen(listener);
  }

  listTopics(): Promise<readonly string[]> {
    return this.#admin.listTopics();
  }

  describeTopics(topics: readonly string[]): Promise<ReadonlyMap<string, TopicMetadata>> {
    return this.#admin.describeTopics(topics);
  }

  describeTopicConfig(topic: string, which?: "effective" | "own"): Promise<ReadonlyMap<string, string>> {
    return this.#admin.describeTopicConfig(topic, which);
  }

  createTopics(topics: readonly TopicSpec[]): Promise<void> {
    return this.#admin.createTopics(topics);
  }

  deleteTopics(topics: readonly string[]): Promise<void> {
    return this.#admin.deleteTopics(topics);
  }

  deleteRecords(before: readonly DeleteBefore[]): Promise<void> {
    return this.#admin.deleteRecords(before);
  }

  listOffsets(
    partitions: readonly TopicPartition[],
    at: OffsetSpec,
    readCommitted: boolean,
  ): Promise<readonly { readonly partition: TopicPartition; readonly offset: number }[]> {
    return this.#admin.listOffsets(partitions, at, readCommitted);
  }

  createFetcher(options: FetcherOptions): Fetcher {
    const fetcher = new KafkaFetcher(this.#cluster, options, () => this.#open.delete(fetcher));
    this.#open.add(fetcher);
    return fetcher;
  }

  async createProducer(options: ProducerOptions): Promise<RecordProducer> {
    const producer = await KafkaProducer.open(
      this.#cluster,
      options,
      (topic) => this.#admin.describeTopicConfig(topic),
      () => this.#open.delete(producer),
    );
    this.#open.add(producer);
    return producer;
  }

  groupCoordinator(groupId: string): GroupCoordinator {
    return new KafkaGroupCoordinator(groupId, this.#cluster);
  }
}
