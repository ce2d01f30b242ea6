import type { StreamRecord } from "../record.ts";
import type { KStream, Sink } from "../stages.ts";
import type { TaskContext } from "../runtime/task/task-context.ts";
import type { SinkTopic } from "../topic.ts";
import type { Named } from "./named.ts";
import type { OfRecord } from "./of-record.ts";
import { operatorStage } from "./operator-stage.ts";
import { chosenPartitions, type Partitioned } from "./partitioner.ts";
import { perRecord } from "./per-record.ts";

/**
 * Ends the pipe in a topic (`KStream.to`). The key's murmur2 chooses the partition, as the JVM's default partitioner
 * does, and null keys go round robin, unless there is a `partitioner` (`Produced.streamPartitioner`).
 */
export const to =
  <K, V>(
    topic: SinkTopic<NoInfer<K>, NoInfer<V>>,
    options: Named & Partitioned<NoInfer<K>, NoInfer<V>> = {},
  ): ((stage: KStream<K, V>) => Sink) =>
  (stage) =>
    sinkStage<K, V>(stage, options, [topic], () => topic);

/**
 * Ends the pipe in one of several topics, chosen per record by (value, key, record) (`KStream.to(TopicNameExtractor)`). All
 * that can be chosen are named, so that start can check them.
 */
export const toOneOf =
  <K, V, Name extends string>(
    topics: Readonly<Record<Name, SinkTopic<NoInfer<K>, NoInfer<V>>>>,
    choose: OfRecord<NoInfer<K>, NoInfer<V>, NoInfer<Name>>,
    options: Named & Partitioned<NoInfer<K>, NoInfer<V>> = {},
  ): ((stage: KStream<K, V>) => Sink) =>
  (stage) =>
    sinkStage<K, V>(
      stage,
      options,
      Object.values(topics),
      (value, key, record) => topics[choose(value, key, record)],
    );

const sinkStage = <K, V>(
  { node }: KStream<K, V>,
  { name, partitioner }: Named & Partitioned<K, V>,
  topics: readonly SinkTopic<K, V>[],
  choose: OfRecord<K, V, SinkTopic<K, V>>,
): Sink =>
  operatorStage(
    "Sink",
    { input: node },
    {
      operator: topics.length === 1 ? "to" : "toOneOf",
      name,
      role: { type: "sink", topics },
      rekeyed: false,
      attach: ({ input }, task) =>
        perRecord<K, V, never, never>(input, task, "to", (record) => {
          const topic = choose(record.value, record.key, record);
          if (partitioner === undefined) send(task, topic, record, undefined);
          else {
            const count = task.partitionsOf(topic.name);
            const chosen = chosenPartitions(partitioner, record, topic.name, count);
            if (chosen === undefined) send(task, topic, record, undefined);
            else if (chosen.length === 0) task.drop("noPartition");
            else for (const partition of chosen) send(task, topic, record, partition);
          }
        }),
    },
  );

const send = <K, V>(
  task: TaskContext,
  topic: SinkTopic<K, V>,
  { key, value, timestamp, headers }: StreamRecord<K, V>,
  partition: number | undefined,
): void => task.send(topic, key, value, timestamp, headers, partition);
