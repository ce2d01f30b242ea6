import type { Headers } from "../../record.ts";
import type { CommitResult } from "../commit-result.ts";
import type { GroupMembership, OffsetToCommit } from "../group-coordinator.ts";
import type { ProducerOptions, RecordProducer } from "../record-producer.ts";
import { TransportError } from "../transport-error.ts";
import { BatchLimits } from "./batch-limits.ts";
import { BatchSender, type OutgoingBatches } from "./batch-sender.ts";
import type { BrokerLane } from "./broker-lane.ts";
import type { Cluster } from "./cluster.ts";
import { CoordinatorLink } from "./coordinator-link.ts";
import { KafkaTransaction } from "./kafka-transaction.ts";
import { type BatchWriter, PartitionBatches } from "./partition-batches.ts";
import type { ProducerIdentity } from "../producer-identity.ts";
import { initProducerId } from "./requests/init-producer-id.ts";
import { offsetCommit } from "./requests/offset-commit.ts";
import { retrying, wait } from "./retry.ts";
import { timedRequest } from "./timed-request.ts";

/** As Kafka's delivery.timeout.ms. */
const deliveryPatienceMs = 120_000;
/** How long `close` waits for an open transaction to be aborted, and for connections to end. */
const closePatienceMs = 1_000;

/** Epochs are 16 bits on the wire. */
const mostEpoch = 0x7fff;

/** Answers the configuration of a topic. */
export type TopicConfig = (topic: string) => Promise<ReadonlyMap<string, string>>;

interface Parts {
  readonly transaction?: KafkaTransaction;
  readonly coordination: BrokerLane;
  readonly closing: AbortController;
  readonly onClosed: () => void;
}

/** A transactional or idempotent producer over kafkajs' connections. */
export class KafkaProducer implements RecordProducer {
  readonly #options: ProducerOptions;
  readonly #writer: BatchWriter;
  readonly #transaction: KafkaTransaction | undefined;
  readonly #sender: BatchSender;
  /** Produce requests are large: nothing else waits behind them. */
  readonly #bulk: BrokerLane;
  readonly #coordination: BrokerLane;
  readonly #closing: AbortController;
  readonly #onClosed: () => void;
  readonly #group: (groupId: string) => CoordinatorLink;
  readonly #limits: BatchLimits;
  /** By topic, then by partition: those that are not written to are holes. */
  readonly #partitions = new Map<string, (PartitionBatches | undefined)[]>();
  #bufferedBytes = 0;
  #committing: Promise<CommitResult> | undefined;
  /** Ends the waiting for the commit that is on the wire. */
  #abandon: ((error: TransportError) => void) | undefined;
  #closed: Promise<void> | undefined;
  #state: "usable" | "void" | "closed" = "usable";

  private constructor(
    cluster: Cluster,
    options: ProducerOptions,
    topicConfig: TopicConfig,
    writer: BatchWriter,
    { transaction, coordination, closing, onClosed }: Parts,
  ) {
    this.#bulk = cluster.lane();
    this.#coordination = coordination;
    this.#closing = closing;
    this.#onClosed = onClosed;
    this.#options = options;
    this.#limits = new BatchLimits(topicConfig, (topic, limit) => {
      for (const batches of this.#partitions.get(topic) ?? [])
        if (batches !== undefined) batches.maxBatchBytes = limit;
    });
    this.#writer = writer;
    this.#transaction = transaction;
    const { transactionalId = null, transactionTimeoutMs } = options;
    // After its time-out the broker has aborted the transaction: no use in going on.
    const patienceMs = transactionalId === null ? deliveryPatienceMs : transactionTimeoutMs;
    this.#sender = new BatchSender({
      cluster,
      lane: this.#bulk,
      transactionalId,
      writer,
      compression: options.compression,
      limits: this.#limits,
      patienceMs,
      signal: closing.signal,
    });
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
    topicConfig: TopicConfig,
    onClosed: () => void,
  ): Promise<KafkaProducer> {
    const { transactionalId, transactionTimeoutMs, successorOf } = options;
    const coordination = cluster.lane();
    const closing = new AbortController();
    try {
      if (transactionalId === undefined) {
        const identity =
          nextEpoch(successorOf) ??
          (await retrying(() => cluster.sendToAny(initProducerId(null, transactionTimeoutMs)), {
            signal: cluster.signal,
          }));
        return new KafkaProducer(
          cluster,
          options,
          topicConfig,
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
      const transaction = new KafkaTransaction(coordinator, transactionalId, identity, options.onAnswer);
      const writer = { ...identity, transactional: true };
      return new KafkaProducer(cluster, options, topicConfig, writer, {
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

  get identity(): ProducerIdentity {
    const { producerId, producerEpoch } = this.#writer;
    return { producerId, producerEpoch };
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  prepareTopics(topics: readonly string[]): Promise<void> {
    return this.#limits.prepare(topics);
  }

  append(
    topic: string,
    partition: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
    timestamp: number,
    headers: Headers,
  ): void {
    // A closed producer has no partitions: `#open` says so.
    const batches = this.#partitions.get(topic)?.[partition] ?? this.#open(topic, partition);
    this.#bufferedBytes += batches.append(key, value, timestamp, headers);
  }

  commit(membership: GroupMembership, offsets: readonly OffsetToCommit[]): Promise<CommitResult> {
    if (this.#state !== "usable") return Promise.reject(this.#unusable());
    if (this.#committing !== undefined)
      return Promise.reject(
        new TransportError("a commit is still on the wire: await it first", "COMMITTING", "fatal"),
      );
    // Sealed before anything is awaited: what is appended from here on belongs to the next commit.
    const outgoing = this.#seal();
    const { promise: abandoned, reject } = Promise.withResolvers<never>();
    this.#abandon = reject;
    this.#committing = Promise.race([this.#send(outgoing, membership, offsets), abandoned])
      .catch((error: unknown) => {
        if (this.#state === "usable") this.#state = "void";
        throw error;
      })
      .finally(() => {
        this.#committing = undefined;
        this.#abandon = undefined;
      });
    return this.#committing;
  }

  flush(): Promise<CommitResult> {
    return this.commit({ groupId: "", generationId: -1, memberId: "", groupInstanceId: null }, []);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#state = "closed";
    this.#partitions.clear();
    this.#bufferedBytes = 0;
    this.#abandon?.(this.#unusable());
    // Ends what is still trying. What is on the wire is behind the abort, or refused once another has the id.
    this.#closing.abort();
    const timer = new AbortController();
    await Promise.race([this.#end(), wait(closePatienceMs, timer.signal)]);
    timer.abort();
  }

  /** Goes on in the background where a broker is slow, or gone. */
  async #end(): Promise<void> {
    const sent = this.#bulk.close();
    await this.#transaction?.abortIfOpen();
    await Promise.all([sent, this.#coordination.close()]);
    this.#onClosed();
  }

  async #send(
    outgoing: readonly OutgoingBatches[],
    membership: GroupMembership,
    offsets: readonly OffsetToCommit[],
  ): Promise<CommitResult> {
    const group =
      offsets.length === 0 ? undefined : { membership, offsets, link: this.#group(membership.groupId) };
    const { onAnswer } = this.#options;
    const produce = (): Promise<ReadonlyMap<string, number>> =>
      timedRequest(onAnswer, "produce", this.#sender.send(outgoing));
    if (this.#transaction !== undefined) return this.#transaction.run(outgoing, produce, group);
    // The records first: offsets of what then got lost would be a loss.
    const endOffsets = await produce();
    if (group !== undefined)
      await timedRequest(onAnswer, "sendOffsets", group.link.send(offsetCommit(membership, offsets)));
    return { endOffsets };
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
    const limit = this.#limits.of(topic);
    if (limit === undefined)
      throw new TransportError(
        `append to "${topic}" before prepareTopics(["${topic}"]) was awaited`,
        "UNKNOWN_TOPIC_OR_PARTITION",
        "fatal",
      );
    const batches = new PartitionBatches(topic, partition, limit, this.#options.compression, this.#writer);
    const ofTopic = this.#partitions.get(topic) ?? [];
    ofTopic[partition] = batches;
    this.#partitions.set(topic, ofTopic);
    return batches;
  }

  #unusable(): TransportError {
    return this.#state === "closed"
      ? new TransportError("the producer is closed", "CLOSED", "void")
      : new TransportError(
          "a commit failed before: close this producer and begin again with a new one",
          "VOID",
          "void",
        );
  }
}

/** Undefined where a new id is to be asked for. No broker has to be told: it takes the epoch from the first batch. */
const nextEpoch = (identity: ProducerIdentity | undefined): ProducerIdentity | undefined =>
  identity === undefined || identity.producerEpoch === mostEpoch
    ? undefined
    : { producerId: identity.producerId, producerEpoch: identity.producerEpoch + 1 };
