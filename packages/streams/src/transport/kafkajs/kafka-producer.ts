import type { Headers } from "../../record.ts";
import type { GroupMembership, OffsetToCommit } from "../group-coordinator.ts";
import type { ProducerOptions, RecordProducer } from "../record-producer.ts";
import { TransportError } from "../transport-error.ts";
import { BatchSender, type OutgoingBatches } from "./batch-sender.ts";
import type { BrokerLane } from "./broker-lane.ts";
import type { Cluster } from "./cluster.ts";
import { CoordinatorLink } from "./coordinator-link.ts";
import { KafkaTransaction } from "./kafka-transaction.ts";
import { type BatchWriter, PartitionBatches } from "./partition-batches.ts";
import { initProducerId } from "./requests/init-producer-id.ts";
import { offsetCommit } from "./requests/offset-commit.ts";
import { retrying } from "./retry.ts";

/** As Kafka's delivery.timeout.ms. */
const deliveryPatienceMs = 120_000;

/** Tells how large a topic's batches may be, bytes. */
export type BatchLimit = (topic: string) => Promise<number>;

interface Parts {
  readonly transaction?: KafkaTransaction;
  readonly coordination: BrokerLane;
  readonly closing: AbortController;
  readonly onClosed: () => void;
}

/** A transactional or idempotent producer over kafkajs' connections. */
export class KafkaProducer implements RecordProducer {
  readonly #options: ProducerOptions;
  readonly #batchLimit: BatchLimit;
  readonly #writer: BatchWriter;
  readonly #transaction: KafkaTransaction | undefined;
  readonly #sender: BatchSender;
  /** Produce requests are large: nothing else waits behind them. */
  readonly #bulk: BrokerLane;
  readonly #coordination: BrokerLane;
  readonly #closing: AbortController;
  readonly #onClosed: () => void;
  readonly #group: (groupId: string) => CoordinatorLink;
  readonly #limits = new Map<string, number>();
  readonly #partitions = new Map<string, PartitionBatches[]>();
  #bufferedBytes = 0;
  #committing: Promise<void> | undefined;
  #state: "usable" | "void" | "closed" = "usable";

  private constructor(
    cluster: Cluster,
    options: ProducerOptions,
    batchLimit: BatchLimit,
    writer: BatchWriter,
    { transaction, coordination, closing, onClosed }: Parts,
  ) {
    this.#bulk = cluster.lane();
    this.#coordination = coordination;
    this.#closing = closing;
    this.#onClosed = onClosed;
    this.#options = options;
    this.#batchLimit = batchLimit;
    this.#writer = writer;
    this.#transaction = transaction;
    const { transactionalId = null, transactionTimeoutMs } = options;
    // After its time-out the broker has aborted the transaction: no use in going on.
    const patienceMs = transactionalId === null ? deliveryPatienceMs : transactionTimeoutMs;
    this.#sender = new BatchSender(cluster, this.#bulk, transactionalId, patienceMs, closing.signal);
    const groups = new Map<string, CoordinatorLink>();
    this.#group = (groupId) => {
      const known =
        groups.get(groupId) ?? new CoordinatorLink(cluster, coordination, groupId, "group", closing.signal);
      groups.set(groupId, known);
      return known;
    };
  }

  /** Takes a producer id; with a transactional id, fences the one that had it before and ends its transaction. */
  static async open(
    cluster: Cluster,
    options: ProducerOptions,
    batchLimit: BatchLimit,
    onClosed: () => void,
  ): Promise<KafkaProducer> {
    const { transactionalId, transactionTimeoutMs } = options;
    const coordination = cluster.lane();
    const closing = new AbortController();
    try {
      if (transactionalId === undefined) {
        const identity = await retrying(() => cluster.sendToAny(initProducerId(null, transactionTimeoutMs)), {
          signal: cluster.signal,
        });
        return new KafkaProducer(
          cluster,
          options,
          batchLimit,
          { ...identity, transactional: false },
          { coordination, closing, onClosed },
        );
      }
      const coordinator = new CoordinatorLink(
        cluster,
        coordination,
        transactionalId,
        "transaction",
        closing.signal,
      );
      const identity = await coordinator.send(initProducerId(transactionalId, transactionTimeoutMs));
      const transaction = new KafkaTransaction(coordinator, transactionalId, identity);
      const writer = { ...identity, transactional: true };
      return new KafkaProducer(cluster, options, batchLimit, writer, {
        transaction,
        coordination,
        closing,
        onClosed,
      });
    } catch (error) {
      await coordination.close();
      throw error;
    }
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
    this.#bufferedBytes += batches.append(key, value, timestamp, headers);
  }

  commit(membership: GroupMembership, offsets: readonly OffsetToCommit[]): Promise<void> {
    if (this.#state !== "usable") return Promise.reject(this.#unusable());
    if (this.#committing !== undefined)
      return Promise.reject(
        new TransportError("a commit is still on the wire: await it first", "COMMITTING", false),
      );
    // Sealed before anything is awaited: what is appended from here on belongs to the next commit.
    const outgoing = this.#seal();
    this.#committing = this.#send(outgoing, membership, offsets)
      .catch((error: unknown) => {
        if (this.#state === "usable") this.#state = "void";
        throw error;
      })
      .finally(() => {
        this.#committing = undefined;
      });
    return this.#committing;
  }

  flush(): Promise<void> {
    return this.commit({ groupId: "", generationId: -1, memberId: "", groupInstanceId: null }, []);
  }

  async close(): Promise<void> {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#partitions.clear();
    this.#bufferedBytes = 0;
    // Ends a commit that is still trying; what it has on the wire to a coordinator is answered first.
    this.#closing.abort();
    await this.#bulk.close();
    await this.#committing?.catch(() => undefined); // its caller is told
    await this.#transaction?.abortIfOpen();
    await this.#coordination.close();
    this.#onClosed();
  }

  async #send(
    outgoing: readonly OutgoingBatches[],
    membership: GroupMembership,
    offsets: readonly OffsetToCommit[],
  ): Promise<void> {
    const group =
      offsets.length === 0 ? undefined : { membership, offsets, link: this.#group(membership.groupId) };
    if (this.#transaction !== undefined) {
      await this.#transaction.run(outgoing, () => this.#sender.send(outgoing), group);
      return;
    }
    // The records first: offsets of what then got lost would be a loss.
    await this.#sender.send(outgoing);
    await group?.link.send(offsetCommit(membership, offsets));
  }

  #seal(): readonly OutgoingBatches[] {
    const outgoing: OutgoingBatches[] = [];
    for (const [topic, ofTopic] of this.#partitions)
      for (const partition of ofTopic) {
        const batches = partition?.take() ?? [];
        if (batches.length > 0) outgoing.push({ topic, partition: partition?.partition ?? -1, batches });
      }
    this.#bufferedBytes = 0;
    return outgoing;
  }

  #open(topic: string, partition: number): PartitionBatches {
    if (this.#state !== "usable") throw this.#unusable();
    const limit = this.#limits.get(topic);
    if (limit === undefined)
      throw new TransportError(
        `append to "${topic}" before prepareTopics(["${topic}"]) was awaited`,
        "UNKNOWN_TOPIC_OR_PARTITION",
        false,
      );
    const batches = new PartitionBatches(topic, partition, limit, this.#options.compression, this.#writer);
    const ofTopic = this.#partitions.get(topic) ?? [];
    ofTopic[partition] = batches;
    this.#partitions.set(topic, ofTopic);
    return batches;
  }

  #unusable(): TransportError {
    return this.#state === "closed"
      ? new TransportError("the producer is closed", "CLOSED", false)
      : new TransportError(
          "a commit failed before: close this producer and begin again with a new one",
          "VOID",
          true,
        );
  }
}
