import { MillraceError } from "../../errors.ts";
import { type Headers, noHeaders } from "../../record.ts";
import type { AnyRecord, StageNode } from "../../stages.ts";
import type { SinkTopic } from "../../topic.ts";
import { partitionForKey } from "../../transport/murmur2.ts";
import type { RecordProducer } from "../../transport/record-producer.ts";
import { changelogTopic } from "../topics/internal-topic-names.ts";
import { sourceTopic, type TopicPlan } from "../topics/plan.ts";
import type { Metrics } from "../app/metrics.ts";
import type { RecordSink } from "../task/record-sink.ts";

/** Serializes what tasks send and gives it to the member's producer (Kafka Streams' `RecordCollector`). */
export class RecordCollector implements RecordSink {
  /** Replaced when a transaction was lost; nothing may be sent in between. */
  producer: RecordProducer | undefined;
  readonly #applicationId: string;
  readonly #plan: TopicPlan;
  readonly #metrics: Metrics;
  readonly #changelogTopics = new Map<string, string>();
  #roundRobin = 0;

  constructor(applicationId: string, plan: TopicPlan, metrics: Metrics) {
    this.#applicationId = applicationId;
    this.#plan = plan;
    this.#metrics = metrics;
  }

  send<K, V>(
    topic: SinkTopic<K, V>,
    key: K,
    value: V,
    timestamp: number,
    headers: Headers,
    partition: number | undefined,
  ): void {
    const keyBytes = topic.key.serialize(key);
    const valueBytes = topic.value.serialize(value);
    const decides =
      keyBytes === null || topic.key.partitionBytes === undefined
        ? keyBytes
        : topic.key.partitionBytes(keyBytes);
    this.#append(
      topic.name,
      partition ?? this.#partition(topic.name, decides),
      keyBytes,
      valueBytes,
      timestamp,
      headers,
    );
  }

  sendBytes(
    topic: string,
    partition: number | undefined,
    key: Uint8Array | null,
    value: Uint8Array | null,
    timestamp: number,
    headers: Headers,
  ): void {
    this.#append(topic, partition ?? this.#partition(topic, key), key, value, timestamp, headers);
  }

  sendRepartition(node: StageNode, { key, value, timestamp, headers }: AnyRecord): void {
    const topic = sourceTopic(node, this.#applicationId);
    const keyBytes = node.key?.serialize(key) ?? null;
    const decides =
      keyBytes === null || node.key?.partitionBytes === undefined
        ? keyBytes
        : node.key.partitionBytes(keyBytes);
    this.#append(
      topic,
      this.#partition(topic, decides),
      keyBytes,
      node.value?.serialize(value) ?? null,
      timestamp,
      headers,
    );
  }

  writeChangelog(
    store: string,
    partition: number,
    key: Uint8Array,
    value: Uint8Array | null,
    timestamp: number,
  ): void {
    let topic = this.#changelogTopics.get(store);
    if (topic === undefined) {
      topic = changelogTopic(this.#applicationId, store);
      this.#changelogTopics.set(store, topic);
    }
    this.#metrics.changelogged++;
    this.#open.append(topic, partition, key, value, timestamp, noHeaders);
  }

  get #open(): RecordProducer {
    if (this.producer === undefined)
      throw new Error("there is no producer: the member has not been assigned anything");
    return this.producer;
  }

  #append(
    topic: string,
    partition: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    timestamp: number,
    headers: Headers,
  ): void {
    this.#open.append(topic, partition, key, value, timestamp, headers);
    this.#metrics.sent++;
  }

  #partition(topic: string, key: Uint8Array | null): number {
    const partitions = this.#plan.partitions.get(topic);
    if (partitions === undefined)
      throw new MillraceError(`"${topic}" is not a topic of this topology`, { code: "UNKNOWN_TOPIC" });
    return key === null ? this.#roundRobin++ % partitions : partitionForKey(key, partitions);
  }
}
