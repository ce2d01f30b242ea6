import { layout } from "../codec/batch-layout.ts";
import type { Compression } from "../record-producer.ts";
import { topicPartitionName } from "../topic-partition.ts";
import { TransportError } from "../transport-error.ts";
import { allSettled } from "./all-settled.ts";
import type { BatchLimits } from "./batch-limits.ts";
import type { BrokerLane } from "./broker-lane.ts";
import type { Cluster } from "./cluster.ts";
import type { BatchWriter } from "./partition-batches.ts";
import { batchRefusal } from "./batch-refusal.ts";
import { refusedRecords } from "./refused-records.ts";
import { produce, type ProducePartition } from "./requests/produce.ts";
import { retrying } from "./retry.ts";
import { splitBatch } from "./split-batch.ts";
import { worstOf } from "./worst.ts";

/** Batches of one request together stay below this: well under the broker's socket.request.max.bytes (100 MiB). */
const maxRequestBytes = 10 * 1024 * 1024;

/** What is to be sent to one partition, in this order. */
export interface OutgoingBatches {
  readonly topic: string;
  readonly partition: number;
  readonly batches: readonly Buffer[];
}

/** Batches that wait for those before them. */
interface Queue {
  readonly topic: string;
  readonly partition: number;
  readonly batches: Buffer[];
}

export interface BatchSenderOptions {
  readonly cluster: Cluster;
  readonly lane: BrokerLane;
  readonly transactionalId: string | null;
  readonly writer: BatchWriter;
  readonly compression: Compression;
  readonly limits: BatchLimits;
  /** How long to go on when a broker does not take them, ms. */
  readonly patienceMs: number;
  /** Ends that when it is aborted. */
  readonly signal: AbortSignal;
}

/**
 * Sends sealed batches: to each broker one request at a time, in each at most one batch per partition, so that a
 * partition's batches arrive in the order of their sequences. Repeating a request is safe: the broker knows the
 * sequences.
 */
export class BatchSender {
  readonly #options: BatchSenderOptions;

  constructor(options: BatchSenderOptions) {
    this.#options = options;
  }

  /** Resolves when every batch is on all in-sync replicas, with the end of each partition after its last batch. */
  async send(outgoing: readonly OutgoingBatches[]): Promise<ReadonlyMap<string, number>> {
    const ends = new Map<string, number>();
    if (outgoing.length === 0) return ends;
    const { cluster } = this.#options;
    const byLeader = await this.#retrying(
      () => cluster.byLeader(outgoing, (one) => one),
      () => outgoing.map(({ topic }) => topic),
    );
    await allSettled(
      [...byLeader.values()].map((members) =>
        this.#sendInTurns(
          members.map(({ topic, partition, batches }) => ({ topic, partition, batches: [...batches] })),
          ends,
        ),
      ),
    );
    return ends;
  }

  async #sendInTurns(queues: readonly Queue[], ends: Map<string, number>): Promise<void> {
    for (;;) {
      const request: Queue[] = [];
      let size = 0;
      for (const queue of queues) {
        const bytes = queue.batches[0]?.length ?? 0;
        if (bytes === 0 || (size > 0 && size + bytes > maxRequestBytes)) continue;
        size += bytes;
        request.push(queue);
      }
      if (request.length === 0) return;
      await this.#sendHeads(request, ends);
    }
  }

  /** Sends until every queue's head is taken, wherever its leader moves meanwhile. */
  async #sendHeads(queues: readonly Queue[], ends: Map<string, number>): Promise<void> {
    const left = new Set(queues);
    await this.#retrying(
      async () => {
        const byLeader = await this.#options.cluster.byLeader([...left], (queue) => queue);
        await allSettled(
          [...byLeader].map(([leader, members]) => this.#sendOnce(leader, members, left, ends)),
        );
      },
      () => [...left].map(({ topic }) => topic),
    );
  }

  async #sendOnce(
    leader: number,
    members: readonly Queue[],
    left: Set<Queue>,
    ends: Map<string, number>,
  ): Promise<void> {
    const { lane, transactionalId } = this.#options;
    const parts = new Map<string, { readonly queue: Queue; readonly part: ProducePartition }>();
    for (const queue of members) {
      const { topic, partition, batches } = queue;
      const [batch] = batches;
      if (batch !== undefined)
        parts.set(topicPartitionName(topic, partition), { queue, part: { topic, partition, batch } });
    }
    const answers = await lane.send(
      leader,
      produce(
        transactionalId,
        [...parts.values()].map(({ part }) => part),
      ),
    );
    const failures: TransportError[] = [];
    for (const answer of answers) {
      const name = topicPartitionName(answer.topic, answer.partition);
      const sent = parts.get(name);
      if (sent === undefined) continue;
      const { queue, part } = sent;
      if (answer.errorCode === 0) {
        left.delete(queue);
        queue.batches.shift();
        ends.set(name, answer.baseOffset + recordCount(part.batch));
        continue;
      }
      const refusal = batchRefusal(part, answer);
      const splits = refusal.kafkaError === "MESSAGE_TOO_LARGE" && recordCount(part.batch) > 1;
      failures.push(splits ? await this.#split(queue, part, refusal) : refusal);
    }
    const worst = worstOf(failures);
    if (worst !== undefined) throw worst;
  }

  /**
   * Puts smaller batches in the place of one that the topic does not take any more. Answers an error to be retried, or
   * one of the records that are too large even alone.
   */
  async #split(
    queue: Queue,
    part: ProducePartition,
    { message, kafkaError }: TransportError,
  ): Promise<TransportError> {
    const { limits, writer, compression } = this.#options;
    const limit = await limits.renewed(queue.topic);
    const { batches, tooLarge } = splitBatch(part.batch, writer, limit, compression);
    if (tooLarge.size > 0) {
      const refused = refusedRecords(part, (index) => tooLarge.get(index)?.message);
      return new TransportError(message, kafkaError, "record", { refused });
    }
    queue.batches.splice(0, 1, ...batches);
    return new TransportError(message, kafkaError, "retry");
  }

  #retrying<T>(body: () => Promise<T>, topics: () => readonly string[]): Promise<T> {
    const { cluster, patienceMs, signal } = this.#options;
    return retrying(body, {
      forMs: patienceMs,
      signal,
      health: cluster.health,
      waitMs: (error) => (error.kafkaError === "CONCURRENT_TRANSACTIONS" ? 20 : undefined),
      before: () => cluster.refresh(topics()),
    });
  }
}

const recordCount = (batch: Buffer): number => batch.readInt32BE(layout.lastOffsetDelta) + 1;
