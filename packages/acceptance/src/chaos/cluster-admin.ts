import { type Admin, Kafka, logLevel, type PartitionMetadata } from "kafkajs";
import { until as untilDone } from "../venue-client.ts";

/** Of `__consumer_offsets`, as devstack's clusters have it. */
const offsetsTopic = "__consumer_offsets";

/** What an operator does to a cluster, and asks of it. */
export class ClusterAdmin {
  readonly #admin: Admin;

  private constructor(admin: Admin) {
    this.#admin = admin;
  }

  static async connect(brokers: readonly string[]): Promise<ClusterAdmin> {
    const admin = new Kafka({
      brokers: [...brokers],
      logLevel: logLevel.NOTHING,
      retry: { retries: 20 },
    }).admin();
    await admin.connect();
    return new ClusterAdmin(admin);
  }

  /** Id of the broker that coordinates a group: the one that leads the partition which the group's name falls into. */
  async coordinator(group: string): Promise<number> {
    const partitions = await this.#partitions(offsetsTopic);
    const index = (javaHash(group) & 0x7fff_ffff) % partitions.length;
    return partitions.find(({ partitionId }) => partitionId === index)?.leader ?? -1;
  }

  /** Resolves when the broker leads partitions of one of the topics. */
  async leads(node: number, topics: readonly string[]): Promise<void> {
    await until(`broker ${node} to lead something`, async () => {
      for (const topic of topics)
        if ((await this.#partitions(topic)).some(({ leader }) => leader === node)) return true;
      return false;
    });
  }

  async addPartitions(topic: string, count: number): Promise<void> {
    await this.#admin.createPartitions({ topicPartitions: [{ topic, count }] });
    await until(
      `"${topic}" to have ${count} partitions`,
      async () => (await this.#partitions(topic)).length >= count,
    );
  }

  /**
   * Moves a partition away from the broker that leads it, and back to as many replicas as it had, with another one to be
   * preferred. Resolves when it has been moved.
   */
  async move(topic: string, partition: number): Promise<void> {
    const now = (await this.#partitions(topic)).find(({ partitionId }) => partitionId === partition);
    if (now === undefined) throw new Error(`${topic} has no partition ${partition}`);
    const others = now.replicas.filter((replica) => replica !== now.leader);
    await this.#reassign(topic, partition, others);
    await this.#reassign(topic, partition, [...others, now.leader]);
  }

  disconnect(): Promise<void> {
    return this.#admin.disconnect();
  }

  async #reassign(topic: string, partition: number, replicas: number[]): Promise<void> {
    await this.#admin.alterPartitionReassignments({
      topics: [{ topic, partitionAssignment: [{ partition, replicas }] }],
      timeout: 10_000,
    });
    await until(`${topic}-${partition} to be moved to brokers ${replicas.join(", ")}`, async () => {
      const { topics } = await this.#admin.listPartitionReassignments({
        topics: [{ topic, partitions: [partition] }],
        timeout: 10_000,
      });
      return topics.every(({ partitions }) => partitions.length === 0);
    });
  }

  async #partitions(topic: string): Promise<readonly PartitionMetadata[]> {
    const { topics } = await this.#admin.fetchTopicMetadata({ topics: [topic] });
    return topics[0]?.partitions ?? [];
  }
}

const until = (what: string, done: () => Promise<boolean>): Promise<void> =>
  untilDone(done, () => `for ${what}`, 60_000);

/** `String.hashCode` of Java, of a text in ASCII. */
const javaHash = (text: string): number => {
  let hash = 0;
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return hash;
};
