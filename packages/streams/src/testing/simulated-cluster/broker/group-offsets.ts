import type { CommittedOffset, OffsetToCommit } from "../../../transport/group-coordinator.ts";
import { type TopicPartition, topicPartitionName } from "../../../transport/topic-partition.ts";
import { refusal } from "./refusal.ts";
import type { SimulatedTransaction } from "./simulated-transaction.ts";

/** `offset.metadata.max.bytes` of brokers. */
const maxMetadataBytes = 4_096;

/** The committed offsets of a group, and those of open transactions. */
export class GroupOffsets {
  readonly #committed = new Map<string, CommittedOffset>();
  readonly #pending = new Map<SimulatedTransaction, Map<string, CommittedOffset>>();

  /** Throws for the first that it refuses, and takes the others. */
  commit(offsets: readonly OffsetToCommit[], transaction: SimulatedTransaction | undefined): void {
    let into = this.#committed;
    if (transaction !== undefined) {
      into = this.#pending.get(transaction) ?? new Map<string, CommittedOffset>();
      this.#pending.set(transaction, into);
    }
    let refused: string | undefined;
    for (const { topic, partition, offset, leaderEpoch, metadata } of offsets) {
      const name = topicPartitionName(topic, partition);
      if (Buffer.byteLength(metadata) > maxMetadataBytes) refused ??= name;
      else into.set(name, { topic, partition, offset, leaderEpoch, metadata });
    }
    if (refused !== undefined)
      throw refusal("OFFSET_METADATA_TOO_LARGE", `committing the offset of ${refused}`);
  }

  /** The transaction has ended. */
  mark(transaction: SimulatedTransaction): void {
    const pending = this.#pending.get(transaction);
    if (pending === undefined) return;
    this.#pending.delete(transaction);
    if (transaction.committed === true)
      for (const [name, offset] of pending) this.#committed.set(name, offset);
  }

  /** Throws UNSTABLE_OFFSET_COMMIT while a transaction holds one of them (KIP-447, `requireStable`). */
  fetch(partitions: readonly TopicPartition[]): readonly CommittedOffset[] {
    return partitions.map(({ topic, partition }) => {
      const name = topicPartitionName(topic, partition);
      for (const pending of this.#pending.values())
        if (pending.has(name)) throw refusal("UNSTABLE_OFFSET_COMMIT", `fetching the offset of ${name}`);
      return this.#committed.get(name) ?? { topic, partition, offset: -1, leaderEpoch: -1, metadata: "" };
    });
  }

  /** The committed offset of a partition; undefined where there is none. */
  get(topic: string, partition: number): CommittedOffset | undefined {
    return this.#committed.get(topicPartitionName(topic, partition));
  }

  /** Forgets what was committed for a topic, as after `offsets.retention.minutes`, or when it is deleted. */
  expire(topic?: string): void {
    for (const [name, offset] of this.#committed)
      if (topic === undefined || offset.topic === topic) this.#committed.delete(name);
  }
}
