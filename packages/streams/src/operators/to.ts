import type { KStream, Sink } from "../stages.ts";
import type { SinkTopic } from "../topic.ts";
import type { Named } from "./named.ts";
import { operatorStage } from "./operator-stage.ts";
import { perRecord } from "./per-record.ts";

/**
 * Ends the pipe in a topic (`KStream.to`). The key's murmur2 chooses the partition, as the JVM's default partitioner
 * does; null keys go round robin.
 */
export const to =
  <K, V>(topic: SinkTopic<NoInfer<K>, NoInfer<V>>, options: Named = {}): ((stage: KStream<K, V>) => Sink) =>
  (stage) =>
    sinkStage(stage, options, [topic], () => topic);

/**
 * Ends the pipe in one of several topics, chosen per record by (value, key) (`KStream.to(TopicNameExtractor)`). All
 * that can be chosen are named, so that start can check them.
 */
export const toOneOf =
  <K, V, Name extends string>(
    topics: Readonly<Record<Name, SinkTopic<NoInfer<K>, NoInfer<V>>>>,
    choose: (value: NoInfer<V>, key: NoInfer<K>) => NoInfer<Name>,
    options: Named = {},
  ): ((stage: KStream<K, V>) => Sink) =>
  (stage) =>
    sinkStage<K, V>(stage, options, Object.values(topics), (value, key) => topics[choose(value, key)]);

const sinkStage = <K, V>(
  { node }: KStream<K, V>,
  { name }: Named,
  topics: readonly SinkTopic<K, V>[],
  choose: (value: V, key: K) => SinkTopic<K, V>,
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
        input.pipe(
          perRecord<K, V, never, never>(task, "to", ({ key, value, timestamp, headers }) =>
            task.send(choose(value, key), key, value, timestamp, headers),
          ),
        ),
    },
  );
