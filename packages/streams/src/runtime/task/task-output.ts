import { type Headers, noHeaders } from "../../record.ts";
import type { AnyRecord, StageNode } from "../../stages.ts";
import { keyScratch, valueScratch } from "../../serdes/scratch.ts";
import type { Serializer } from "../../serde.ts";
import type { SinkTopic } from "../../topic.ts";
import { checkChosenTopic } from "../../own-topics.ts";
import { partitionForKey } from "../../transport/murmur2.ts";
import type { RecordProducer } from "../../transport/record-producer.ts";
import type { RecordCount } from "../metrics/record-count.ts";
import type { TaskMetrics } from "../metrics/task-metrics.ts";
import { changelogTopic } from "../topics/internal-topic-names.ts";
import type { FoundTopics } from "../topics/found-topics.ts";
import type { TopicPlan } from "../topics/plan.ts";
import { repartitionTopicOf } from "../topics/source-topics.ts";
import type { RecordSink } from "./record-sink.ts";
import type { Refusals } from "./refusals.ts";
import { checkHeaders } from "./check-headers.ts";
import { checkTimestamp } from "./timestamp.ts";

/** What the outputs of a member's tasks share. */
export interface Destinations {
  readonly applicationId: string;
  readonly plan: TopicPlan;
  /** Sink topics that the topology does not name. */
  readonly foundTopics: FoundTopics;
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
  readonly #metrics: TaskMetrics;
  readonly #changelogs = new Map<string, { readonly topic: string; readonly count: RecordCount }>();
  #producer: RecordProducer | undefined;
  /** Of the topic that was sent to last: mostly the next one's, too. */
  #sent: RecordCount | undefined;
  #roundRobin = 0;

  constructor(destinations: Destinations, partition: number, metrics: TaskMetrics) {
    this.#destinations = destinations;
    this.#partition = partition;
    this.#metrics = metrics;
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
    const keyBytes = keyScratch.serialize(topic.key, key);
    const valueBytes = valueScratch.serialize(topic.value, value);
    this.#deliver(topic.name, topic.key, keyBytes, valueBytes, timestamp, headers, partition);
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

  sendRepartition(
    node: StageNode,
    { key, value, timestamp, headers }: AnyRecord,
    partition: number | undefined,
  ): void {
    const topic = repartitionTopicOf(node, this.#destinations.applicationId);
    const keyBytes = node.key === undefined ? null : keyScratch.serialize(node.key, key);
    const valueBytes = node.value === undefined ? null : valueScratch.serialize(node.value, value);
    this.#deliver(topic, node.key, keyBytes, valueBytes, timestamp, headers, partition);
  }

  #deliver(
    topic: string,
    serde: Pick<Serializer<never>, "partitionBytes"> | undefined,
    key: Uint8Array | null,
    value: Uint8Array | null,
    timestamp: number,
    headers: Headers,
    partition: number | undefined,
  ): void {
    const decides = key === null || serde?.partitionBytes === undefined ? key : serde.partitionBytes(key);
    const to = partition ?? this.#partitionFor(topic, decides);
    this.#append(topic, to, key, value, timestamp, headers);
    this.#metrics.sink.add(this.#metrics.now - timestamp);
  }

  partitionsOf(topic: string | StageNode): number {
    const { applicationId, plan, foundTopics } = this.#destinations;
    const name = typeof topic === "string" ? topic : repartitionTopicOf(topic, applicationId);
    return plan.partitions.get(name) ?? foundTopics.partitionsOf(name);
  }

  findTopic(topic: SinkTopic<never, never>): Promise<void> | undefined {
    const { plan, foundTopics } = this.#destinations;
    checkChosenTopic(topic.name, plan.own);
    const isNamed = plan.partitions.has(topic.name) && !plan.matched.includes(topic.name);
    // What the topology names is there; but its serdes may be others, here.
    const prepares = (topic.key.start ?? topic.value.start) !== undefined;
    return isNamed && !prepares ? undefined : foundTopics.find(topic);
  }

  writeChangelog(
    store: string,
    key: Uint8Array,
    value: Uint8Array | null,
    timestamp: number,
    headers: Headers = noHeaders,
  ): void {
    if (this.#producer === undefined) return;
    let changelog = this.#changelogs.get(store);
    if (changelog === undefined) {
      const topic = changelogTopic(this.#destinations.applicationId, { name: store });
      changelog = { topic, count: this.#metrics.changelogged.of(store) };
      this.#changelogs.set(store, changelog);
    }
    this.touched = true;
    changelog.count.records++;
    this.#producer.append(changelog.topic, this.#partition, key, value, timestamp, headers);
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
    checkHeaders(headers);
    const { refusals } = this.#destinations;
    if (this.#producer === undefined) return;
    if (refusals.size > 0) refusals.check(topic, partition, key, timestamp);
    this.touched = true;
    this.#producer.append(topic, partition, key, value, timestamp, headers);
    if (this.#sent?.name !== topic) this.#sent = this.#metrics.produced.of(topic);
    this.#sent.records++;
    this.#sent.bytes += (key?.byteLength ?? 0) + (value?.byteLength ?? 0);
  }

  #partitionFor(topic: string, key: Uint8Array | null): number {
    const partitions = this.partitionsOf(topic);
    return key === null ? this.#roundRobin++ % partitions : partitionForKey(key, partitions);
  }
}
