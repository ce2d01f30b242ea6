import { layout } from "../codec/batch-layout.ts";
import { TransportError } from "../transport-error.ts";
import { topicPartitionName } from "../topic-partition.ts";
import type { BrokerLane } from "./broker-lane.ts";
import type { Cluster } from "./cluster.ts";
import { kafkaError } from "./kafka-error.ts";
import { produce, type ProducePartition } from "./requests/produce.ts";
import { retrying } from "./retry.ts";

/** Batches of one request together stay below this: well under the broker's socket.request.max.bytes (100 MiB). */
const maxRequestBytes = 10 * 1024 * 1024;

/** What is to be sent to one partition, in this order. */
export interface OutgoingBatches {
  readonly topic: string;
  readonly partition: number;
  readonly batches: readonly Buffer[];
}

/**
 * Sends sealed batches: to each broker one request at a time, in each at most one batch per partition, so that a
 * partition's batches arrive in the order of their sequences. Repeating a request is safe: the broker knows the
 * sequences.
 */
export class BatchSender {
  readonly #cluster: Cluster;
  readonly #lane: BrokerLane;
  readonly #transactionalId: string | null;
  readonly #patienceMs: number;
  readonly #signal: AbortSignal;

  /** `patienceMs`: how long to go on when a broker does not take them. `signal`, aborted, ends that. */
  constructor(
    cluster: Cluster,
    lane: BrokerLane,
    transactionalId: string | null,
    patienceMs: number,
    signal: AbortSignal,
  ) {
    this.#cluster = cluster;
    this.#lane = lane;
    this.#transactionalId = transactionalId;
    this.#patienceMs = patienceMs;
    this.#signal = signal;
  }

  /** Resolves when every batch is on all in-sync replicas, with the end of each partition after its last batch. */
  async send(outgoing: readonly OutgoingBatches[]): Promise<ReadonlyMap<string, number>> {
    const ends = new Map<string, number>();
    if (outgoing.length === 0) return ends;
    const byLeader = await this.#retrying(
      () => this.#cluster.byLeader(outgoing, (one) => one),
      () => outgoing.map(({ topic }) => topic),
    );
    await Promise.all([...byLeader.values()].map((members) => this.#sendInTurns(members, ends)));
    return ends;
  }

  async #sendInTurns(members: readonly OutgoingBatches[], ends: Map<string, number>): Promise<void> {
    const next = members.map(() => 0);
    for (;;) {
      const request: ProducePartition[] = [];
      let size = 0;
      for (const [index, { topic, partition, batches }] of members.entries()) {
        const batch = batches[next[index] ?? 0];
        if (batch === undefined || (size > 0 && size + batch.length > maxRequestBytes)) continue;
        size += batch.length;
        next[index] = (next[index] ?? 0) + 1;
        request.push({ topic, partition, batch });
      }
      if (request.length === 0) return;
      await this.#sendAll(request, ends);
    }
  }

  /** Sends until every partition has its batch, wherever its leader moves meanwhile. */
  async #sendAll(request: readonly ProducePartition[], ends: Map<string, number>): Promise<void> {
    const left = new Set(request);
    await this.#retrying(
      async () => {
        const byLeader = await this.#cluster.byLeader([...left], (part) => part);
        const outcomes = await Promise.allSettled(
          [...byLeader].map(([leader, parts]) => this.#sendOnce(leader, parts, left, ends)),
        );
        const failures = outcomes.flatMap((outcome) =>
          outcome.status === "rejected" ? [outcome.reason] : [],
        );
        // A failure that no repetition mends counts before the others.
        const final = failures.find((error) => !(error instanceof TransportError && error.retriable));
        if (failures.length > 0) throw final ?? failures[0];
      },
      () => [...left].map(({ topic }) => topic),
    );
  }

  async #sendOnce(
    leader: number,
    parts: readonly ProducePartition[],
    left: Set<ProducePartition>,
    ends: Map<string, number>,
  ): Promise<void> {
    const answers = await this.#lane.send(leader, produce(this.#transactionalId, parts));
    const byName = new Map(parts.map((part) => [topicPartitionName(part.topic, part.partition), part]));
    let failure: TransportError | undefined;
    for (const { topic, partition, errorCode, baseOffset } of answers) {
      const name = topicPartitionName(topic, partition);
      const part = byName.get(name);
      if (part === undefined) continue;
      if (errorCode === 0) {
        left.delete(part);
        ends.set(name, baseOffset + part.batch.readInt32BE(layout.lastOffsetDelta) + 1);
      } else {
        const error = kafkaError(errorCode, `producing to ${name}`);
        if (failure === undefined || !error.retriable) failure = error;
      }
    }
    if (failure !== undefined) throw failure;
  }

  #retrying<T>(body: () => Promise<T>, topics: () => readonly string[]): Promise<T> {
    return retrying(body, {
      forMs: this.#patienceMs,
      signal: this.#signal,
      waitMs: (error) => (error.kafkaError === "CONCURRENT_TRANSACTIONS" ? 20 : undefined),
      before: () => this.#cluster.refresh(topics()),
    });
  }
}
