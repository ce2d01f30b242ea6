import type { GroupCoordinator } from "./group-coordinator.ts";
import type { Fetcher, FetcherOptions } from "./fetcher.ts";
import type { HealthEvent } from "./health-event.ts";
import type { RecordProducer, ProducerOptions } from "./record-producer.ts";
import type { TopicPartition } from "./topic-partition.ts";

/** What the cluster says of a topic. */
export interface TopicMetadata {
  readonly topic: string;
  /** Another one when the topic is deleted and made again under its name (KIP-516). */
  readonly topicId: string;
  /** Number of partitions, always at least 1. */
  readonly partitions: number;
  /** Replicas of each partition, the most that one has. */
  readonly replicationFactor: number;
}

export interface TopicSpec {
  readonly topic: string;
  readonly partitions: number;
  /** Absent: the broker's default (-1 on the wire, KIP-464). */
  readonly replicationFactor?: number;
  readonly configs: Readonly<Record<string, string>>;
}

/** The first offset, the end, or the first record whose timestamp is not before that many ms since the epoch. */
export type OffsetSpec = "earliest" | "latest" | number;

/**
 * The whole of what the runtime asks of Kafka. `transport/kafkajs` implements it over real brokers and
 * `testing/` in memory; `testing/transport-contract.ts` is the suite that both must pass.
 *
 * Offsets and timestamps are numbers: both stay below 2^53. Errors are `TransportError`s.
 */
export interface Transport {
  /** Connects and negotiates versions; rejects with a TransportError that names the brokers tried. */
  connect(): Promise<void>;
  /** Closes every connection; fetchers and producers made here are dead afterwards. */
  close(): Promise<void>;

  /**
   * Tells of brokers that do not answer, within about 3 seconds and once for each outage, and once when they answer
   * again. Answers a function that ends it.
   */
  onHealth(listener: (event: HealthEvent) => void): () => void;

  /** Names of all topics, in alphabetical order, without those that Kafka keeps for itself. */
  listTopics(): Promise<readonly string[]>;
  /** Metadata of those topics that exist; a missing one is absent from the map. Asks the cluster each time. */
  describeTopics(topics: readonly string[]): Promise<ReadonlyMap<string, TopicMetadata>>;
  /** Configuration entries of an existing topic: all that are in effect, or its `own`, without the brokers' defaults. */
  describeTopicConfig(topic: string, which?: "effective" | "own"): Promise<ReadonlyMap<string, string>>;
  /** Creates topics and waits until they have leaders; a topic that already exists is left as it is. */
  createTopics(topics: readonly TopicSpec[]): Promise<void>;
  /** Deletes topics, and waits until the cluster knows them no more; a missing one is left out. */
  deleteTopics(topics: readonly string[]): Promise<void>;
  /** Raises the low watermark: what lies before the offset is gone (repartition topics after a commit). */
  deleteRecords(
    before: readonly { readonly partition: TopicPartition; readonly offset: number }[],
  ): Promise<void>;

  /**
   * First offset (`earliest`) or the end (`latest`) of each partition, or the offset of the first record that is not
   * older than a time; -1 where there is none. With `readCommitted` the end is the last stable offset.
   */
  listOffsets(
    partitions: readonly TopicPartition[],
    at: OffsetSpec,
    readCommitted: boolean,
  ): Promise<readonly { readonly partition: TopicPartition; readonly offset: number }[]>;

  createFetcher(options: FetcherOptions): Fetcher;
  createProducer(options: ProducerOptions): Promise<RecordProducer>;
  groupCoordinator(groupId: string): GroupCoordinator;
}
