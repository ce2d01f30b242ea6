import { TransportError } from "../transport-error.ts";
import { type TopicPartition, topicPartitionName } from "../topic-partition.ts";
import type { OffsetSpec, TopicMetadata, TopicSpec } from "../transport.ts";
import type { Cluster } from "./cluster.ts";
import { checkCode } from "./kafka-error.ts";
import type { Request } from "./request.ts";
import { createTopics } from "./requests/create-topics.ts";
import { type DeleteBefore, deleteRecords } from "./requests/delete-records.ts";
import { describeTopicConfig } from "./requests/describe-topic-config.ts";
import { type ListedOffset, listOffsets } from "./requests/list-offsets.ts";
import { retrying } from "./retry.ts";

const unknownTopic = 3;
/** Known, and its leaders not elected yet. */
const leaderNotAvailable = 5;
const topicAlreadyExists = 36;

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
      const found = new Map<string, TopicMetadata>();
      for (const { topic, topicId, errorCode, partitions } of await this.#cluster.describe(topics)) {
        if (errorCode === unknownTopic) continue;
        if (errorCode !== leaderNotAvailable || partitions.length === 0)
          checkCode(errorCode, `describing topic ${topic}`);
        found.set(topic, { topic, topicId, partitions: partitions.length });
      }
      return found;
    });
  }

  describeTopicConfig(topic: string): Promise<ReadonlyMap<string, string>> {
    // A topic that was just created may be unknown to the broker that is asked: not for long.
    return this.#retrying([topic], () => this.#cluster.sendToAny(describeTopicConfig(topic)), 5_000);
  }

  async createTopics(topics: readonly TopicSpec[]): Promise<void> {
    if (topics.length === 0) return;
    const left = new Map(topics.map((spec) => [spec.topic, spec]));
    await this.#retrying([], async () => {
      if (left.size === 0) return;
      await this.#cluster.describe([]); // who is the controller
      let failure: TransportError | undefined;
      for (const { topic, errorCode, message } of await this.#cluster.send(
        this.#cluster.controller,
        createTopics([...left.values()]),
      ))
        try {
          if (errorCode !== topicAlreadyExists) checkCode(errorCode, `creating topic ${topic}`, message);
          left.delete(topic);
        } catch (error) {
          if (!(error instanceof TransportError)) throw error;
          if (failure === undefined || !error.retriable) failure = error;
        }
      if (failure !== undefined) throw failure;
    });
    await this.#retrying([], () => this.#awaitLeaders(topics.map(({ topic }) => topic)));
  }

  async deleteRecords(before: readonly DeleteBefore[]): Promise<void> {
    const left = new Set(before);
    await this.#atLeaders(
      left,
      ({ partition }) => partition,
      deleteRecords,
      ({ topic, partition, errorCode }) => checkCode(errorCode, `deleting records of ${topic}-${partition}`),
    );
  }

  async listOffsets(
    partitions: readonly TopicPartition[],
    at: OffsetSpec,
    readCommitted: boolean,
  ): Promise<readonly { readonly partition: TopicPartition; readonly offset: number }[]> {
    const offsets = new Map<string, number>();
    await this.#atLeaders(
      new Set(partitions),
      (partition) => partition,
      (members) => listOffsets(members, at === "latest" ? -1 : -2, readCommitted),
      ({ topic, partition, errorCode, offset }: ListedOffset) => {
        checkCode(errorCode, `offsets of ${topic}-${partition}`);
        offsets.set(topicPartitionName(topic, partition), offset);
      },
    );
    return partitions.map(({ topic, partition }) => ({
      partition: { topic, partition },
      offset: offsets.get(topicPartitionName(topic, partition)) ?? -1,
    }));
  }

  async #awaitLeaders(topics: readonly string[]): Promise<void> {
    for (const { topic, errorCode, partitions } of await this.#cluster.describe(topics)) {
      checkCode(errorCode, `describing topic ${topic}`);
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
  async #atLeaders<Thing, Answer extends TopicPartition>(
    left: Set<Thing>,
    partitionOf: (thing: Thing) => TopicPartition,
    request: (things: readonly Thing[]) => Request<readonly Answer[]>,
    accept: (answer: Answer) => void,
  ): Promise<void> {
    const topics = new Set([...left].map((thing) => partitionOf(thing).topic));
    await this.#retrying([...topics], async () => {
      const byLeader = await this.#cluster.byLeader([...left], partitionOf);
      await Promise.all(
        [...byLeader].map(async ([leader, members]) => {
          const byName = new Map(
            members.map((thing) => [
              topicPartitionName(partitionOf(thing).topic, partitionOf(thing).partition),
              thing,
            ]),
          );
          for (const answer of await this.#cluster.send(leader, request(members))) {
            accept(answer);
            const thing = byName.get(topicPartitionName(answer.topic, answer.partition));
            if (thing !== undefined) left.delete(thing);
          }
        }),
      );
    });
  }

  /** `topics`: whose leaders may have moved when an attempt failed. */
  #retrying<T>(topics: readonly string[], body: () => Promise<T>, forMs = 60_000): Promise<T> {
    return retrying(body, {
      forMs,
      signal: this.#cluster.signal,
      ...(topics.length > 0 && { before: () => this.#cluster.refresh(topics) }),
    });
  }
}
