import { checkChosenTopic } from "../../own-topics.ts";
import { noHeaders } from "../../record.ts";
import type { TaskMetrics } from "../../runtime/metrics/task-metrics.ts";
import type { TaskSink } from "../../runtime/task/task.ts";
import { checkHeaders } from "../../runtime/task/check-headers.ts";
import { checkTimestamp } from "../../runtime/task/timestamp.ts";
import { changelogTopic } from "../../runtime/topics/internal-topic-names.ts";
import { repartitionTopicOf } from "../../runtime/topics/source-topics.ts";
import type { Serializer } from "../../serde.ts";
import type { MemoryRecord } from "../memory-chunk.ts";
import type { DriverInputs } from "./driver-inputs.ts";
import type { DriverOutputs } from "./driver-outputs.ts";
import type { DriverTopics } from "./driver-topics.ts";

/** Writes what tasks send, to sinks, repartition topics and changelogs: it is there to be read at once. */
export class DriverProducer {
  readonly #applicationId: string;
  readonly #topics: DriverTopics;
  readonly #inputs: DriverInputs;
  readonly #outputs: DriverOutputs;
  /** Serdes that have prepared for sink topics that a record has chosen. */
  readonly #started = new Map<string, WeakSet<Serializer<never>>>();

  constructor(applicationId: string, topics: DriverTopics, inputs: DriverInputs, outputs: DriverOutputs) {
    this.#applicationId = applicationId;
    this.#topics = topics;
    this.#inputs = inputs;
    this.#outputs = outputs;
  }

  /** Of the task that has this partition. */
  sink(taskPartition: number, { produced, changelogged }: TaskMetrics): TaskSink {
    const name = this.#applicationId;
    return {
      touched: false,
      send: (topic, key, value, timestamp, headers, partition) => {
        checkTimestamp(timestamp);
        checkHeaders(headers);
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
      findTopic: ({ name: topic, key, value }) => {
        checkChosenTopic(topic, this.#topics.own);
        return this.#startedSerdes(topic, key, value);
      },
      partitionsOf: (topic) =>
        this.#topics.partitions(typeof topic === "string" ? topic : repartitionTopicOf(topic, name)),
      sendRepartition: (node, record, partition) => {
        const topic = repartitionTopicOf(node, name);
        produced.of(topic).records++;
        this.#produce(topic, partition, {
          key: node.key?.serialize(record.key) ?? null,
          value: node.value?.serialize(record.value) ?? null,
          timestamp: record.timestamp,
          headers: record.headers,
        });
      },
      writeChangelog: (store, key, value, timestamp, headers = noHeaders) => {
        changelogged.of(store).records++;
        this.#produce(changelogTopic(name, { name: store }), taskPartition, {
          key: Buffer.from(key),
          value: value === null ? null : Buffer.from(value),
          timestamp,
          headers,
        });
      },
    };
  }

  /** Every topic is there; its serdes may have to prepare for it. */
  #startedSerdes(topic: string, key: Serializer<never>, value: Serializer<never>): Promise<void> | undefined {
    const known = this.#started.get(topic) ?? new WeakSet();
    if ([key, value].every((serde) => serde.start === undefined || known.has(serde))) return undefined;
    if (this.#topics.isSink(topic)) return undefined;
    const started = Promise.all([
      key.start?.({ topic, part: "key", use: "sink" }),
      value.start?.({ topic, part: "value", use: "sink" }),
    ]);
    return started.then(() => void this.#started.set(topic, known.add(key).add(value)));
  }

  #produce(topic: string, given: number | undefined, record: MemoryRecord): void {
    const partition = given ?? this.#topics.partitionOf(topic, record.key);
    this.#outputs.add({ ...record, topic, partition, afterInput: this.#inputs.begun });
    this.#inputs.feedBack(topic, partition, record);
  }
}
