import type { CommitResult } from "../commit-result.ts";
import type { GroupMembership, OffsetToCommit } from "../group-coordinator.ts";
import type { TopicPartition } from "../topic-partition.ts";
import type { ProducerOptions } from "../record-producer.ts";
import { TransportError } from "../transport-error.ts";
import { allSettled } from "./all-settled.ts";
import type { CoordinatorLink } from "./coordinator-link.ts";
import { addOffsetsToTxn } from "./requests/add-offsets-to-txn.ts";
import { addPartitionsToTxn } from "./requests/add-partitions-to-txn.ts";
import { endTxn } from "./requests/end-txn.ts";
import type { ProducerIdentity } from "../producer-identity.ts";
import { timedRequest } from "./timed-request.ts";
import { txnOffsetCommit } from "./requests/txn-offset-commit.ts";

/** Offsets that a transaction commits, and the way to the group's coordinator. */
export interface TransactionOffsets {
  readonly membership: GroupMembership;
  readonly offsets: readonly OffsetToCommit[];
  readonly link: CoordinatorLink;
}

/** The transactions of one transactional id, one after the other (EOS-v2, KIP-447). */
export class KafkaTransaction {
  readonly #coordinator: CoordinatorLink;
  readonly #transactionalId: string;
  readonly #identity: ProducerIdentity;
  readonly #onAnswer: ProducerOptions["onAnswer"];
  #open = false;
  #ended = false;

  constructor(
    coordinator: CoordinatorLink,
    transactionalId: string,
    identity: ProducerIdentity,
    onAnswer: ProducerOptions["onAnswer"],
  ) {
    this.#onAnswer = onAnswer;
    this.#coordinator = coordinator;
    this.#transactionalId = transactionalId;
    this.#identity = identity;
  }

  /**
   * Writes the records and commits the offsets together. When it rejects, the transaction may still be open. Sends
   * nothing more after `abortIfOpen`: it would begin another one, that nobody ends.
   */
  async run(
    partitions: readonly TopicPartition[],
    produce: () => Promise<ReadonlyMap<string, number>>,
    group: TransactionOffsets | undefined,
  ): Promise<CommitResult> {
    if (partitions.length === 0 && group === undefined) return { endOffsets: new Map() };
    const id = this.#transactionalId;
    const identity = this.#identity;
    const coordinator = this.#coordinator;
    this.#checkEnded();
    this.#open = true;
    // 1. The broker takes no transactional record of a partition that the transaction does not know.
    if (partitions.length > 0) await coordinator.send(addPartitionsToTxn(id, identity, partitions));
    this.#checkEnded();
    // 2. The records, and meanwhile the group joins the transaction.
    const records = produce();
    await allSettled(
      group === undefined
        ? [records]
        : [records, coordinator.send(addOffsetsToTxn(id, identity, group.membership.groupId))],
    );
    this.#checkEnded();
    // 3. The offsets, only after the records; a zombie is refused here, by its generation.
    if (group !== undefined)
      await timedRequest(
        this.#onAnswer,
        "sendOffsets",
        group.link.send(txnOffsetCommit(id, identity, group.membership, group.offsets)),
      );
    this.#checkEnded();
    // 4. Never repeated: where the answer is lost, nobody here knows which way it went.
    await timedRequest(this.#onAnswer, "endTransaction", coordinator.once(endTxn(id, identity, true)));
    this.#open = false;
    return { endOffsets: await records };
  }

  /** Ends what `run` left open, so that readers need not wait for the time-out. Never rejects. */
  async abortIfOpen(): Promise<void> {
    this.#ended = true;
    if (!this.#open) return;
    this.#open = false;
    try {
      await this.#coordinator.once(endTxn(this.#transactionalId, this.#identity, false));
    } catch (error) {
      // Fenced, ended already, or out of reach: then the broker's time-out ends it.
      if (!(error instanceof TransportError)) throw error;
    }
  }

  #checkEnded(): void {
    if (this.#ended) throw new TransportError("the producer is closed", "CLOSED", "void");
  }
}
