import { MillraceError, TopologyError } from "../errors.ts";
import type { StreamRecord } from "../record.ts";
import type { Serializer } from "../serde.ts";
import type { KStream, Sink, StageNode } from "../stages.ts";
import type { TaskContext } from "../runtime/task/task-context.ts";
import type { SinkTopic } from "../topic.ts";
import { missingSerde } from "./missing-serde.ts";
import type { Named } from "./named.ts";
import type { OfRecord } from "./of-record.ts";
import { operatorStage } from "./operator-stage.ts";
import { chosenPartitions, type Partitioned } from "../partitioner.ts";
import { perRecord } from "./per-record.ts";
import { TopicQueue } from "./topic-queue.ts";

/** The topic of a record: one with its serdes, or a name alone, whose serdes are those of the options, or of the stream. */
export type TopicChoice<K, V> = OfRecord<K, V, SinkTopic<K, V> | string>;

/** What is said of topics that are chosen by record. */
interface ChosenTopics<K, V> {
  /** Serdes of topics of which the choice is a name; by default those of the stream. */
  readonly key?: Serializer<K>;
  readonly value?: Serializer<V>;
  /** Those among the topics to choose from that are known beforehand: checked at the start, and listed by `describe()`. */
  readonly topics?: readonly SinkTopic<K, V>[];
}

type ToOptions<K, V> = Named & Partitioned<K, V> & ChosenTopics<K, V>;

/**
 * Ends the pipe in a topic (`KStream.to`). The key's murmur2 chooses the partition, as the JVM's default partitioner
 * does, and null keys go round robin, unless there is a `partitioner` (`Produced.streamPartitioner`).
 *
 * A function of (value, key, record) chooses the topic of each record (`to(TopicNameExtractor)`). One that nobody has named is
 * looked for when the first record is for it, and records for it wait for that in their order; the others go on. It must be
 * there: a record for a topic that does not exist goes to the production handler, with the code MISSING_TOPIC. Throws a
 * TopologyError where what only a choice needs is given with a topic.
 */
export const to =
  <K, V>(
    topic: SinkTopic<NoInfer<K>, NoInfer<V>> | TopicChoice<NoInfer<K>, NoInfer<V>>,
    options: ToOptions<NoInfer<K>, NoInfer<V>> = {},
  ): ((stage: KStream<K, V>) => Sink) =>
  ({ node }) => {
    if (typeof topic === "function") return choosing<K, V>(node, topic, options);
    for (const option of ["key", "value", "topics"] as const)
      if (options[option] !== undefined)
        throw new TopologyError(
          `to() is given the topic "${topic.name}", and "${option}", which says of topics that a function chooses: leave it out`,
        );
    return operatorStage(
      "Sink",
      { input: node },
      {
        operator: "to",
        name: options.name,
        role: { type: "sink", topics: [topic], chooser: undefined },
        rekeyed: false,
        attach: ({ input }, task) =>
          perRecord<K, V, never, never>(input, task, "to", (record) => deliver(task, topic, record, options)),
      },
    );
  };

const choosing = <K, V>(node: StageNode, choose: TopicChoice<K, V>, options: ToOptions<K, V>): Sink => {
  const { name, topics = [] } = options;
  return operatorStage(
    "Sink",
    { input: node },
    {
      operator: "to",
      name,
      role: { type: "sink", topics, chooser: choose.name === "" ? "anonymous" : choose.name },
      rekeyed: false,
      attach: ({ input }, task) => {
        const topicNamed = namedTopics(node, options);
        const waiting = new TopicQueue<StreamRecord<K, V>, SinkTopic<K, V>>(task, {
          there: (record, topic) => deliver(task, topic, record, options),
          // Tells what is wrong, as the topic is not known.
          missing: (record, topic) => send(task, topic, record, undefined),
        });
        task.addAsyncWork(waiting);
        return perRecord<K, V, never, never>(input, task, "to", (record) => {
          const choice = choose(record.value, record.key, record);
          const topic = typeof choice === "object" && choice !== null ? choice : topicNamed(choice);
          if (!waiting.add(topic, record)) deliver(task, topic, record, options);
        });
      },
    },
  );
};

/** Topics of which only the names are chosen, each made once. */
const namedTopics = <K, V>(
  node: StageNode,
  { key = node.key, value = node.value }: ChosenTopics<K, V>,
): ((name: string) => SinkTopic<K, V>) => {
  const known = new Map<string, SinkTopic<K, V>>();
  return (name) => {
    const topic = known.get(name);
    if (topic !== undefined) return topic;
    const missing = key === undefined ? "key" : value === undefined ? "value" : undefined;
    if (key === undefined || value === undefined)
      throw missingSerde(`the topic "${name}" that to() chooses`, missing ?? "key", "to()", node);
    if (typeof name !== "string" || name === "")
      throw new MillraceError(`to() chose ${JSON.stringify(name)}, which names no topic`, {
        code: "NO_TOPIC",
      });
    const made = { name, key, value };
    known.set(name, made);
    return made;
  };
};

const deliver = <K, V>(
  task: TaskContext,
  topic: SinkTopic<K, V>,
  record: StreamRecord<K, V>,
  { partitioner }: Partitioned<K, V>,
): void => {
  if (partitioner === undefined) {
    send(task, topic, record, undefined);
    return;
  }
  const chosen = chosenPartitions(partitioner, record, topic.name, task.partitionsOf(topic.name));
  if (chosen === undefined) send(task, topic, record, undefined);
  else if (chosen.length === 0) task.drop("noPartition");
  else for (const partition of chosen) send(task, topic, record, partition);
};

const send = <K, V>(
  task: TaskContext,
  topic: SinkTopic<K, V>,
  { key, value, timestamp, headers }: StreamRecord<K, V>,
  partition: number | undefined,
): void => task.send(topic, key, value, timestamp, headers, partition);
