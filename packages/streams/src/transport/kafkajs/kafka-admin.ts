import { TransportError } from "../transport-error.ts";
import { type TopicPartition, topicPartitionName } from "../topic-partition.ts";
import type { OffsetSpec, TopicMetadata, TopicSpec } from "../transport.ts";
import type { Cluster } from "./cluster.ts";
import { allSettled } from "./all-settled.ts";
import type { Request } from "./request.ts";
import { createTopics } from "./requests/create-topics.ts";
import { deleteTopics } from "./requests/delete-topics.ts";
import { type DeleteBefore, deleteRecords } from "./requests/delete-records.ts";
import { describeTopicConfig } from "./requests/describe-topic-config.ts";
import { type ListedOffset, listOffsets } from "./requests/list-offsets.ts";
import { retrying } from "./retry.ts";
import { checkAll } from "./worst.ts";

const unknownTopic = 3;
/** Known, and its leaders not elected yet. */
const leaderNotAvailable = 5;
const topicAlreadyExists = 36;
const invalidConfig = 40;
/** Limits that brokers have since Kafka 3.6: an older one refuses the name, and has no such limit. */
const laterLimits = new Set(["message.timestamp.after.max.ms", "message.timestamp.before.max.ms"]);

/** Timestamps that stand for the ends of a log. */
const wellKnown = { earliest: -2, latest: -1 } as const;

/** What is asked of the cluster outside of the flow of records. */
export class KafkaAdmin {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async listTopics(): Promise<readonly string[]> {
    const topics = await this.#retrying([], () => this.#cluster.describe(null));
    return topics
      .filter(({ internal }) => !internal)
      .map(({ topic }) => topic)
      .toSorted();
  }

  describeTopics(topics: readonly string[]): Promise<ReadonlyMap<string, TopicMetadata>> {
    return this.#retrying([], async () => {
      const described = (await this.#cluster.describe(topics)).filter(
        ({ errorCode }) => errorCode !== unknownTopic,
      );
      checkAll(
        described
          .filter(({ errorCode, partitions }) => errorCode !== leaderNotAvailable || partitions.length === 0)
          .map(({ topic, errorCode }) => ({ where: `describing topic ${topic}`, errorCode })),
      );
      return new Map(
        described.map(({ topic, topicId, partitions }) => [
          topic,
          {
            topic,
            topicId,
            partitions: partitions.length,
            replicationFactor: Math.max(...partitions.map(({ replicas }) => replicas)),
          },
        ]),
      );
    });
  }

  describeTopicConfig(
    topic: string,
    which: "effective" | "own" = "effective",
  ): Promise<ReadonlyMap<string, string>> {
    // A topic that was just created may be unknown to the broker that is asked: not for long.
    return this.#retrying([topic], () => this.#cluster.sendToAny(describeTopicConfig(topic, which)), 5_000);
  }

  async createTopics(topics: readonly TopicSpec[]): Promise<void> {
    if (topics.length === 0) return;
    const left = new Map(topics.map((spec) => [spec.topic, spec]));
    const create = async (): Promise<void> => {
      if (left.size === 0) return;
      await this.#cluster.describe([]); // who is the controller
      const answers = await this.#cluster.send(this.#cluster.controller, createTopics([...left.values()]));
      const unknown = answers.flatMap(({ topic, errorCode, message }) =>
        [...laterLimits].filter(
          (name) =>
            errorCode === invalidConfig &&
            message?.includes(`: ${name}`) &&
            left.get(topic)?.configs[name] !== undefined,
        ),
      );
      if (unknown.length > 0) {
        for (const [name, spec] of left) left.set(name, without(spec, unknown));
        return create();
      }
      const failed = answers.filter(({ errorCode }) => errorCode !== 0 && errorCode !== topicAlreadyExists);
      for (const { topic } of answers) if (!failed.some((one) => one.topic === topic)) left.delete(topic);
      checkAll(
        failed.map(({ topic, errorCode, message }) => ({
          where: `creating topic ${topic}`,
          errorCode,
          detail: message,
        })),
      );
    };
    await this.#retrying([], create);
    await this.#retrying([], () => this.#awaitLeaders(topics.map(({ topic }) => topic)));
  }

  async deleteTopics(topics: readonly string[]): Promise<void> {
    if (topics.length === 0) return;
    await this.#retrying([], async () => {
      await this.#cluster.describe([]); // who is the controller
      const answers = await this.#cluster.send(this.#cluster.controller, deleteTopics(topics));
      checkAll(
        answers
          .filter(({ errorCode }) => errorCode !== unknownTopic)
          .map(({ topic, errorCode }) => ({ where: `deleting topic ${topic}`, errorCode })),
      );
    });
    await this.#retrying([], async () => {
      const [left] = (await this.#cluster.describe(topics)).filter(
        ({ errorCode }) => errorCode !== unknownTopic,
      );
      if (left !== undefined)
        throw new TransportError(`${left.topic} is still there`, "TOPIC_NOT_DELETED", "retry");
    });
  }

  async deleteRecords(before: readonly DeleteBefore[]): Promise<void> {
    const left = new Set(before);
    await this.#atLeaders(left, "deleting records", ({ partition }) => partition, deleteRecords);
  }

  async listOffsets(
    partitions: readonly TopicPartition[],
    at: OffsetSpec,
    readCommitted: boolean,
  ): Promise<readonly { readonly partition: TopicPartition; readonly offset: number }[]> {
    const offsets = new Map<string, number>();
    await this.#atLeaders(
      new Set(partitions),
      "asking for offsets",
      (partition) => partition,
      (members) => listOffsets(members, typeof at === "number" ? at : wellKnown[at], readCommitted),
      ({ topic, partition, offset }: ListedOffset) => {
        offsets.set(topicPartitionName(topic, partition), offset);
      },
    );
    return partitions.map(({ topic, partition }) => ({
      partition: { topic, partition },
      offset: offsets.get(topicPartitionName(topic, partition)) ?? -1,
    }));
  }

  async #awaitLeaders(topics: readonly string[]): Promise<void> {
    const described = await this.#cluster.describe(topics);
    checkAll(described.map(({ topic, errorCode }) => ({ where: `describing topic ${topic}`, errorCode })));
    for (const { topic, partitions } of described) {
      const leaderless = partitions.find(({ leader }) => leader < 0);
      if (leaderless !== undefined)
        throw new TransportError(
          `${topic}-${leaderless.partition} has no leader`,
          "LEADER_NOT_AVAILABLE",
          "retry",
        );
    }
  }

  /** Asks each leader for its part, and again for what failed and may succeed elsewhere or later. */
  async #atLeaders<Thing, Answer extends TopicPartition & { readonly errorCode: number }>(
    left: Set<Thing>,
    what: string,
    partitionOf: (thing: Thing) => TopicPartition,
    request: (things: readonly Thing[]) => Request<readonly Answer[]>,
    accept: (answer: Answer) => void = () => undefined,
  ): Promise<void> {
    const topics = new Set([...left].map((thing) => partitionOf(thing).topic));
    await this.#retrying([...topics], async () => {
      const byLeader = await this.#cluster.byLeader([...left], partitionOf);
      const asked = new Map([...left].map((thing) => [nameOf(partitionOf(thing)), thing]));
      await allSettled(
        [...byLeader].map(async ([leader, members]) => {
          const answers = await this.#cluster.send(leader, request(members));
          for (const answer of answers) {
            const thing = asked.get(nameOf(answer));
            if (answer.errorCode !== 0 || thing === undefined) continue;
            accept(answer);
            left.delete(thing);
          }
          checkAll(
            answers.map(({ topic, partition, errorCode }) => ({
              where: `${what} of ${topic}-${partition}`,
              errorCode,
            })),
          );
        }),
      );
      if (left.size > 0)
        throw new TransportError(`${what}: a broker left partitions out`, "MALFORMED_ANSWER", "retry");
    });
  }

  /** `topics`: whose leaders may have moved when an attempt failed. */
  #retrying<T>(topics: readonly string[], body: () => Promise<T>, forMs = 60_000): Promise<T> {
    return retrying(body, {
      forMs,
      signal: this.#cluster.signal,
      health: this.#cluster.health,
      ...(topics.length > 0 && { before: () => this.#cluster.refresh(topics) }),
    });
  }
}

const nameOf = ({ topic, partition }: TopicPartition): string => topicPartitionName(topic, partition);

const without = (spec: TopicSpec, names: readonly string[]): TopicSpec => ({
  ...spec,
  configs: Object.fromEntries(Object.entries(spec.configs).filter(([name]) => !names.includes(name))),
});
