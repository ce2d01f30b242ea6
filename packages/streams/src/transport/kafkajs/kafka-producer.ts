import type { Headers } from "../../record.ts";
import type { GroupMembership, OffsetToCommit } from "../group-coordinator.ts";
import type { ProducerOptions, RecordProducer } from "../record-producer.ts";
import { TransportError } from "../transport-error.ts";
import { CoordinatorLink } from "./coordinator-link.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { checkCode } from "./kafka-error.ts";
import { PartitionBatches, type SealedBatch } from "./partition-batches.ts";
import { offsetCommit } from "./requests/offsets.ts";
import { produce, type ProducePartition } from "./requests/produce.ts";
import {
  addOffsetsToTxn,
  addPartitionsToTxn,
  endTxn,
  initProducerId,
  type ProducerIdentity,
  txnOffsetCommit,
} from "./requests/transactions.ts";
import { retrying, wait } from "./retry.ts";

/** Batches of one request together stay below this: well under the broker's socket.request.max.bytes (100 MiB). */
const maxRequestBytes = 10 * 1024 * 1024;
/** The broker is still writing the markers of the transaction before; usually for a few ms. */
const concurrentTransactionsWaitMs = 20;

interface Outgoing {
  readonly partition: PartitionBatches;
  readonly batches: readonly SealedBatch[];
}

/** What the producer needs to know of a topic: its limit for a batch, bytes. */
export type BatchLimit = (topic: string) => Promise<number>;

/** A transactional or idempotent producer on kafkajs' connections. */
export class KafkaProducer implements RecordProducer {
  readonly #connection: KafkaConnection;
  readonly #options: ProducerOptions;
  readonly #batchLimit: BatchLimit;
  readonly #coordinator: CoordinatorLink | undefined;
  readonly #identity: ProducerIdentity;
  readonly #writer: ProducerIdentity & { readonly transactional: boolean };
  readonly #limits = new Map<string, number>();
  readonly #partitions = new Map<string, PartitionBatches[]>();
  readonly #groups = new Map<string, CoordinatorLink>();
  #bufferedBytes = 0;
  #inTransaction = false;
  #closed = false;

  private constructor(
    connection: KafkaConnection,
    options: ProducerOptions,
    batchLimit: BatchLimit,
    coordinator: CoordinatorLink | undefined,
    identity: ProducerIdentity,
  ) {
    this.#connection = connection;
    this.#options = options;
    this.#batchLimit = batchLimit;
    this.#coordinator = coordinator;
    this.#identity = identity;
    this.#writer = { ...identity, transactional: coordinator !== undefined };
  }

  static async open(
    connection: KafkaConnection,
    options: ProducerOptions,
    batchLimit: BatchLimit,
  ): Promise<KafkaProducer> {
    const { transactionalId, transactionTimeoutMs } = options;
    if (transactionalId === undefined) {
      const identity = await retrying(() => connection.sendToAny(initProducerId(null, transactionTimeoutMs)));
      return new KafkaProducer(connection, options, batchLimit, undefined, identity);
    }
    const coordinator = new CoordinatorLink(connection, transactionalId, "transaction");
    const identity = await concurrently(() =>
      coordinator.send(initProducerId(transactionalId, transactionTimeoutMs)),
    );
    return new KafkaProducer(connection, options, batchLimit, coordinator, identity);
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  async prepareTopics(topics: readonly string[]): Promise<void> {
    await Promise.all(
      topics.map(async (topic) => {
        if (!this.#limits.has(topic)) this.#limits.set(topic, await this.#batchLimit(topic));
      }),
    );
  }

  append(
    topic: string,
    partition: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    timestamp: number,
    headers: Headers,
  ): void {
    const batches = this.#partitions.get(topic)?.[partition] ?? this.#open(topic, partition);
    this.#bufferedBytes += batches.append(key, value, timestamp, headers, this.#writer);
  }

  async commit(membership: GroupMembership, offsets: readonly OffsetToCommit[]): Promise<void> {
    const outgoing = this.#seal();
    const { transactionalId } = this.#options;
    if (transactionalId === undefined || this.#coordinator === undefined) {
      await this.#produce(outgoing);
      if (offsets.length > 0) await this.#group(membership.groupId).send(offsetCommit(membership, offsets));
      return;
    }
    if (outgoing.length === 0 && offsets.length === 0) return;
    const coordinator = this.#coordinator;
    const identity = this.#identity;
    this.#inTransaction = true;
    const partitions = outgoing.map(({ partition }) => partition);
    if (partitions.length > 0)
      await concurrently(() => coordinator.send(addPartitionsToTxn(transactionalId, identity, partitions)));
    // 3. The records, and meanwhile the group joins the transaction.
    await Promise.all([
      this.#produce(outgoing),
      offsets.length === 0
        ? undefined
        : concurrently(() =>
            coordinator.send(addOffsetsToTxn(transactionalId, identity, membership.groupId)),
          ),
    ]);
    // 4. The offsets, only after the records.
    if (offsets.length > 0)
      await this.#group(membership.groupId).send(
        txnOffsetCommit(transactionalId, identity, membership, offsets),
      );
    // 5. Never repeated: where the answer is lost, nobody here knows which way it went.
    await coordinator.once(endTxn(transactionalId, identity, true));
    this.#inTransaction = false;
  }

  async flush(): Promise<void> {
    await this.commit({ groupId: "", generationId: -1, memberId: "", groupInstanceId: null }, []);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#partitions.clear();
    this.#bufferedBytes = 0;
    const { transactionalId } = this.#options;
    if (!this.#inTransaction || transactionalId === undefined || this.#coordinator === undefined) return;
    this.#inTransaction = false;
    try {
      await this.#coordinator.once(endTxn(transactionalId, this.#identity, false));
    } catch (error) {
      // It may be fenced, or ended already, or out of reach: the broker's time-out ends it then.
      if (!(error instanceof TransportError)) throw error;
    }
  }

  #open(topic: string, partition: number): PartitionBatches {
    if (this.#closed) throw new TransportError("the producer is closed", "PRODUCER_CLOSED", false);
    const limit = this.#limits.get(topic);
    if (limit === undefined)
      throw new TransportError(
        `prepareTopics was not asked about "${topic}"`,
        "UNKNOWN_TOPIC_OR_PARTITION",
        false,
      );
    const batches = new PartitionBatches(topic, partition, limit, this.#options.compression);
    const ofTopic = this.#partitions.get(topic);
    if (ofTopic === undefined) {
      const list: PartitionBatches[] = [];
      list[partition] = batches;
      this.#partitions.set(topic, list);
    } else ofTopic[partition] = batches;
    return batches;
  }

  #seal(): readonly Outgoing[] {
    const outgoing: Outgoing[] = [];
    for (const ofTopic of this.#partitions.values())
      for (const partition of ofTopic) {
        const batches = partition?.take(this.#writer) ?? [];
        if (batches.length > 0) outgoing.push({ partition, batches });
      }
    this.#bufferedBytes = 0;
    return outgoing;
  }

  #group(groupId: string): CoordinatorLink {
    let group = this.#groups.get(groupId);
    if (group === undefined) {
      group = new CoordinatorLink(this.#connection, groupId, "group");
      this.#groups.set(groupId, group);
    }
    return group;
  }

  /** One request per broker at a time, one batch per partition in each: a partition's batches arrive in order. */
  async #produce(outgoing: readonly Outgoing[]): Promise<void> {
    const byLeader = new Map<number, Outgoing[]>();
    for (const one of outgoing) {
      const { topic, partition } = one.partition;
      const leader = await retrying(
        () => this.#connection.leader(topic, partition),
        () => this.#connection.refresh(),
      );
      const members = byLeader.get(leader);
      if (members === undefined) byLeader.set(leader, [one]);
      else members.push(one);
    }
    await Promise.all([...byLeader.values()].map((members) => this.#produceInTurns(members)));
  }

  async #produceInTurns(members: readonly Outgoing[]): Promise<void> {
    const queues = members.map(({ partition, batches }) => ({ partition, batches, next: 0 }));
    for (;;) {
      const request: ProducePartition[] = [];
      let size = 0;
      for (const queue of queues) {
        const batch = queue.batches[queue.next]?.bytes;
        if (batch === undefined || (size > 0 && size + batch.length > maxRequestBytes)) continue;
        size += batch.length;
        queue.next++;
        request.push({ topic: queue.partition.topic, partition: queue.partition.partition, batch });
      }
      if (request.length === 0) return;
      await this.#produceAll(request);
    }
  }

  /** Sends until every partition has its batch; a repetition carries the same sequence, so nothing is doubled. */
  async #produceAll(request: readonly ProducePartition[]): Promise<void> {
    let left = request;
    await retrying(
      async () => {
        const byLeader = new Map<number, ProducePartition[]>();
        for (const part of left) {
          const leader = await this.#connection.leader(part.topic, part.partition);
          const parts = byLeader.get(leader);
          if (parts === undefined) byLeader.set(leader, [part]);
          else parts.push(part);
        }
        for (const [leader, parts] of byLeader) {
          const answers = await this.#connection.send(
            leader,
            produce(this.#options.transactionalId ?? null, parts),
          );
          const failed = answers.filter(
            ({ errorCode }) => errorCode !== 0 && errorCode !== duplicateSequence,
          );
          left = left.filter(
            (part) =>
              !parts.includes(part) ||
              failed.some(({ topic, partition }) => topic === part.topic && partition === part.partition),
          );
          for (const { topic, partition, errorCode } of failed)
            checkCode(errorCode, `producing to ${topic}-${partition}`);
        }
      },
      () => this.#connection.refresh(),
    );
  }
}

/** DUPLICATE_SEQUENCE_NUMBER: the batch is there already, only the answer was lost. */
const duplicateSequence = 46;

/** Repeats while the broker still ends the transaction before. */
const concurrently = async <T>(body: () => Promise<T>): Promise<T> => {
  for (const giveUp = performance.now() + 60_000; ;)
    try {
      return await body();
    } catch (error) {
      const busy = error instanceof TransportError && error.kafkaError === "CONCURRENT_TRANSACTIONS";
      if (!busy || performance.now() > giveUp) throw error;
      await wait(concurrentTransactionsWaitMs);
    }
};
