import { type TopicPartition, topicPartitionName } from "../../../transport/topic-partition.ts";
import { TransportError } from "../../../transport/transport-error.ts";
import type { SimulatedBrokers } from "../broker/simulated-brokers.ts";
import type { SimulatedProcess } from "../simulated-process.ts";
import type { Link } from "./link.ts";
import { retrying, type RetryOptions } from "./retrying.ts";

const elsewhere = new Set([
  "NOT_COORDINATOR",
  "COORDINATOR_NOT_AVAILABLE",
  "NOT_LEADER_OR_FOLLOWER",
  "LEADER_NOT_AVAILABLE",
  "UNKNOWN_TOPIC_OR_PARTITION",
  "NETWORK",
]);

/** Who leads and coordinates what, as one client last heard; it may have changed meanwhile. */
export class ClusterView {
  /** Whose client it is: its clock. */
  readonly clock: SimulatedProcess;
  readonly #brokers: SimulatedBrokers;
  readonly #link: Link;
  readonly #leaders = new Map<string, number>();
  readonly #coordinators = new Map<string, number>();

  constructor(clock: SimulatedProcess, brokers: SimulatedBrokers, link: Link) {
    this.clock = clock;
    this.#brokers = brokers;
    this.#link = link;
  }

  /** Any broker. */
  any<T>(request: string, body: () => T): Promise<T> {
    const node = Math.floor(this.clock.random() * this.#brokers.nodes.length);
    return this.#link.send(node, request, body);
  }

  /** One attempt at the leader of a partition, which is looked for if it is not known. */
  async leader({ topic, partition }: TopicPartition): Promise<number> {
    const name = topicPartitionName(topic, partition);
    const known = this.#leaders.get(name);
    if (known !== undefined) return known;
    const leader = await this.any("Metadata", () => this.#brokers.leader(topic, partition));
    this.#leaders.set(name, leader);
    return leader;
  }

  /** The leader of a partition, if it is known. */
  knownLeader(name: string): number | undefined {
    return this.#leaders.get(name);
  }

  /** Things by the leader of their partition. */
  async byLeader<T>(
    things: readonly T[],
    partitionOf: (thing: T) => TopicPartition,
  ): Promise<ReadonlyMap<number, readonly T[]>> {
    const grouped = new Map<number, T[]>();
    for (const thing of things) {
      const leader = await this.leader(partitionOf(thing));
      const members = grouped.get(leader);
      if (members === undefined) grouped.set(leader, [thing]);
      else members.push(thing);
    }
    return grouped;
  }

  /** The partition may have another leader. */
  forgetLeader(topic: string, partition: number): void {
    this.#leaders.delete(topicPartitionName(topic, partition));
  }

  /** One attempt at the coordinator of a group (`g/name`) or transactional id (`t/name`). */
  async coordinator<T>(
    key: string,
    request: string,
    body: (node: number) => T | Promise<T>,
    timeoutMs?: number,
  ): Promise<T> {
    let node = this.#coordinators.get(key);
    if (node === undefined) {
      node = await this.any("FindCoordinator", () => this.#brokers.coordinator(key));
      this.#coordinators.set(key, node);
    }
    const found = node;
    try {
      return await this.#link.send(found, request, () => body(found), timeoutMs);
    } catch (error) {
      if (error instanceof TransportError && elsewhere.has(error.kafkaError)) this.#coordinators.delete(key);
      throw error;
    }
  }

  /** Sends to a node as it is. */
  send<T>(node: number, request: string, body: () => T | Promise<T>, timeoutMs?: number): Promise<T> {
    return this.#link.send(node, request, body, timeoutMs);
  }

  /** Attempts until one gets through. */
  retrying<T>(body: () => Promise<T>, options?: RetryOptions): Promise<T> {
    return retrying(this.clock, body, options);
  }
}
