import type { KStream, Sink } from "../stages.ts";
import { Stage } from "../stages.ts";
import type { SinkTopic } from "../topic.ts";
import { perRecord } from "./per-record.ts";

/**
 * Ends the pipe in a topic (`KStream.to`). The key's murmur2 chooses the partition, as the JVM's default partitioner
 * does; null keys go round robin.
 */
export const to =
  <K, V>(topic: SinkTopic<NoInfer<K>, NoInfer<V>>): ((stage: KStream<K, V>) => Sink) =>
  (stage) =>
    sinkStage(stage, [topic], () => topic);

/**
 * Ends the pipe in one of several topics, chosen per record (`KStream.to(TopicNameExtractor)`). All that can be
 * chosen are named, so that start can check them.
 */
export const toOneOf =
  <K, V, Name extends string>(
    topics: Readonly<Record<Name, SinkTopic<NoInfer<K>, NoInfer<V>>>>,
    choose: (value: NoInfer<V>, key: NoInfer<K>) => Name,
  ): ((stage: KStream<K, V>) => Sink) =>
  (stage) =>
    sinkStage<K, V>(stage, Object.values(topics), (value, key) => topics[choose(value, key)]);

const sinkStage = <K, V>(
  { node }: KStream<K, V>,
  topics: readonly SinkTopic<K, V>[],
  choose: (value: V, key: K) => SinkTopic<K, V>,
): Sink =>
  new Stage({
    operator: "to",
    kind: "Sink",
    role: { type: "sink", topics },
    parents: [node],
    key: node.key,
    value: node.value,
    rekeyed: false,
    stores: [],
    attach: ([input], task) => {
      if (input === undefined) throw new Error("a sink has no input");
      return input.pipe(
        perRecord<K, V, never, never>(task, "to", ({ key, value, timestamp, headers }) =>
          task.send(choose(value, key), key, value, timestamp, headers),
        ),
      );
    },
  });
