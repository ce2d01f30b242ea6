import { MillraceError } from "../../errors.ts";
import { type Headers, noHeaders } from "../../record.ts";
import type { AnyRecord, StageNode } from "../../stages.ts";
import type { SinkTopic } from "../../topic.ts";
import { partitionForKey } from "../../transport/murmur2.ts";
import type { RecordProducer } from "../../transport/record-producer.ts";
import type { Metrics } from "../app/metrics.ts";
import { changelogTopic } from "../topics/internal-topic-names.ts";
import { sourceTopic, type TopicPlan } from "../topics/plan.ts";
import type { RecordSink } from "./record-sink.ts";
import type { Refusals } from "./refusals.ts";
import { checkTimestamp } from "./timestamp.ts";

/** What the outputs of a member's tasks share. */
export interface Destinations {
  readonly applicationId: string;
  readonly plan: TopicPlan;
  readonly metrics: Metrics;
  /** Records that a broker has refused, which are thrown instead of being sent again. */
  readonly refusals: Refusals;
}

/**
 * Serializes what one task sends and gives it to the member's producer (Kafka Streams' `RecordCollector`). It marks the
 * task as touched, so that what it sent and where its sources stand go into one seal; and it is dead between two
 * producers, and once the task is closed: what comes then belongs to a transaction that is void.
 */
export class TaskOutput implements RecordSink {
  /** Whether something was sent since `touched` was last put back. */
  touched = false;
  readonly #destinations: Destinations;
  readonly #partition: number;
  readonly #changelogTopics = new Map<string, string>();
  #producer: RecordProducer | undefined;
  #roundRobin = 0;

  constructor(destinations: Destinations, partition: number) {
    this.#destinations = destinations;
    this.#partition = partition;
  }

  /** Undefined: dead until there is another. */
  use(producer: RecordProducer | undefined): void {
    this.#producer = producer;
    this.touched = false;
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
    const to = partition ?? this.#partitionFor(topic.name, decides);
    this.#append(topic.name, to, keyBytes, valueBytes, timestamp, headers);
  }

  sendBytes(
    topic: string,
    partition: number | undefined,
    key: Uint8Array | null,
    value: Uint8Array | null,
    timestamp: number,
    headers: Headers,
  ): void {
    this.#append(topic, partition ?? this.#partitionFor(topic, key), key, value, timestamp, headers);
  }

  sendRepartition(node: StageNode, record: AnyRecord): void {
    const { key, value, timestamp, headers } = record;
    const topic = sourceTopic(node, this.#destinations.applicationId);
    const keyBytes = node.key?.serialize(key) ?? null;
    const decides =
      keyBytes === null || node.key?.partitionBytes === undefined
        ? keyBytes
        : node.key.partitionBytes(keyBytes);
    const valueBytes = node.value?.serialize(value) ?? null;
    const { role } = node;
    const asked = role.type === "repartition" ? role.partitionOf?.(record) : undefined;
    this.#append(
      topic,
      asked ?? this.#partitionFor(topic, decides),
      keyBytes,
      valueBytes,
      timestamp,
      headers,
    );
  }

  writeChangelog(
    store: string,
    key: Uint8Array,
    value: Uint8Array | null,
    timestamp: number,
    headers: Headers = noHeaders,
  ): void {
    if (this.#producer === undefined) return;
    let topic = this.#changelogTopics.get(store);
    if (topic === undefined) {
      topic = changelogTopic(this.#destinations.applicationId, { name: store });
      this.#changelogTopics.set(store, topic);
    }
    this.touched = true;
    this.#destinations.metrics.changelogged++;
    this.#producer.append(topic, this.#partition, key, value, timestamp, headers);
  }

  #append(
    topic: string,
    partition: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    timestamp: number,
    headers: Headers,
  ): void {
    checkTimestamp(timestamp);
    const { refusals, metrics } = this.#destinations;
    if (this.#producer === undefined) return;
    if (refusals.size > 0) refusals.check(topic, partition, key, timestamp);
    this.touched = true;
    this.#producer.append(topic, partition, key, value, timestamp, headers);
    metrics.sent++;
  }

  #partitionFor(topic: string, key: Uint8Array | null): number {
    const partitions = this.#destinations.plan.partitions.get(topic);
    if (partitions === undefined)
      throw new MillraceError(`"${topic}" is not a topic of this topology`, { code: "UNKNOWN_TOPIC" });
    return key === null ? this.#roundRobin++ % partitions : partitionForKey(key, partitions);
  }
}
