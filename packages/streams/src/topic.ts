import type { Serde, Serializer } from "./serde.ts";
import type { Headers } from "./record.ts";

/** Where a record was read: for timestamp extractors, errors and dead letters (Kafka Streams' `RecordMetadata`). */
export interface RecordPosition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** What a timestamp extractor sees. */
export interface ExtractedRecord<K, V> extends RecordPosition {
  readonly key: K;
  readonly value: V;
  /** The timestamp of the Kafka record, ms since the epoch. */
  readonly timestamp: number;
  readonly headers: Headers;
}

/** How a topic's records are read and written (Kafka Streams' `Consumed` and `Produced`). */
export interface TopicOptions<K, V> {
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  /**
   * Event time of a record read from this topic, ms since the epoch; by default the Kafka record's timestamp.
   * `partitionTime` is the greatest one seen in the partition so far, -1 at first (Kafka Streams'
   * `TimestampExtractor`). A negative result drops the record, counted in dropped records; throwing makes it a
   * deserialization error, so it is dead-lettered without moving stream time: the place to validate.
   */
  readonly timestamp?: (record: ExtractedRecord<K, V>, partitionTime: number) => number;
}

/** A topic as a sink sees it. */
export interface SinkTopic<in K, in V> {
  readonly name: string;
  readonly key: Serializer<K>;
  readonly value: Serializer<V>;
}

/** A Kafka topic and how its records are read and written. */
export interface Topic<K, V> extends SinkTopic<K, V> {
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  readonly timestamp?: (record: ExtractedRecord<K, V>, partitionTime: number) => number;
}

/**
 * Names a topic with its serdes (Kafka Streams' `Consumed` and `Produced` in one). Another topic may be given for its
 * serdes and its timestamps.
 */
export const topic = <K, V>(name: string, options: TopicOptions<K, V>): Topic<K, V> => ({ ...options, name });
