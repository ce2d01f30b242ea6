import type { Headers } from "../../../record.ts";
import type { CommitResult } from "../../../transport/commit-result.ts";
import type { GroupMembership, OffsetToCommit } from "../../../transport/group-coordinator.ts";
import type { CommitRequest, ProducerOptions, RecordProducer } from "../../../transport/record-producer.ts";
import type { ProducerIdentity as PublicIdentity } from "../../../transport/producer-identity.ts";
import { timed } from "../../../transport/timed.ts";
import { type TopicPartition, topicPartitionName } from "../../../transport/topic-partition.ts";
import { TransportError } from "../../../transport/transport-error.ts";
import { produceAt } from "../broker/produce-at.ts";
import type { SimulatedBrokers } from "../broker/simulated-brokers.ts";
import type { SimulatedBatch } from "../broker/simulated-log.ts";
import { type SimulatedRecord, simulatedRecord, sizeOf } from "../broker/simulated-record.ts";
import type { ProducerIdentity } from "../broker/transactional-id.ts";
import { atLeaders } from "./at-leaders.ts";
import type { ClusterView } from "./cluster-view.ts";

/** What a batch takes beside its records. */
const batchOverhead = 61;
/** As Kafka's delivery.timeout.ms. */
const deliveryPatienceMs = 120_000;
/** How long `close` waits for the broker to abort, ms. */
const closePatienceMs = 1_000;

interface Outgoing extends TopicPartition {
  readonly batch: SimulatedBatch;
}

const nobody: GroupMembership = { groupId: "", generationId: -1, memberId: "", groupInstanceId: null };

/** A transactional or idempotent producer, which asks brokers step by step as a real one does. */
export class SimulatedProducer implements RecordProducer {
  readonly #brokers: SimulatedBrokers;
  readonly #view: ClusterView;
  readonly #transactionalId: string | undefined;
  readonly #identity: ProducerIdentity;
  readonly #onAnswer: ProducerOptions["onAnswer"];
  readonly #patienceMs: number;
  readonly #maxBytes = new Map<string, number>();
  readonly #sequences = new Map<string, number>();
  #records = new Map<string, { readonly to: TopicPartition; readonly records: SimulatedRecord[] }>();
  #bufferedBytes = 0;
  #state: "usable" | "void" | "closed" = "usable";
  /** A transaction may be open at the broker. */
  #open = false;
  /** Ends the commit that is on the wire. */
  #abandon: ((error: TransportError) => void) | undefined;

  private constructor(
    brokers: SimulatedBrokers,
    view: ClusterView,
    { transactionalId, transactionTimeoutMs, onAnswer }: ProducerOptions,
    identity: ProducerIdentity,
  ) {
    this.#brokers = brokers;
    this.#view = view;
    this.#transactionalId = transactionalId;
    this.#onAnswer = onAnswer;
    this.#identity = identity;
    this.#patienceMs = transactionalId === undefined ? deliveryPatienceMs : transactionTimeoutMs;
  }

  /** Takes a producer id; with a transactional id, fences the one that had it before and ends its transaction. */
  static async open(
    brokers: SimulatedBrokers,
    view: ClusterView,
    options: ProducerOptions,
  ): Promise<SimulatedProducer> {
    const { transactionalId, transactionTimeoutMs, successorOf } = options;
    if (transactionalId === undefined && successorOf !== undefined) {
      const { producerId, producerEpoch } = successorOf;
      const identity = { producerId: Number(producerId), epoch: producerEpoch + 1 };
      return new SimulatedProducer(brokers, view, options, identity);
    }
    const identity = await view.retrying(() =>
      transactionalId === undefined
        ? view.any("InitProducerId", () => ({ producerId: brokers.newProducerId(), epoch: 0 }))
        : view.coordinator(`t/${transactionalId}`, "InitProducerId", (node) =>
            brokers.transactionalIdAt(node, transactionalId).initProducerId(transactionTimeoutMs),
          ),
    );
    return new SimulatedProducer(brokers, view, options, identity);
  }

  get identity(): PublicIdentity {
    const { producerId, epoch } = this.#identity;
    return { producerId: BigInt(producerId), producerEpoch: epoch };
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  async prepareTopics(topics: readonly string[]): Promise<void> {
    const missing = topics.filter((topic) => !this.#maxBytes.has(topic));
    if (missing.length === 0) return;
    await this.#view.retrying(() =>
      this.#view.any("DescribeConfigs", () => {
        for (const topic of missing)
          this.#maxBytes.set(topic, Number(this.#brokers.topic(topic).configs.get("max.message.bytes")));
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
    if (this.#state === "closed") throw closed();
    const maxBytes = this.#maxBytes.get(topic);
    if (maxBytes === undefined)
      throw new TransportError(`topic "${topic}" was not prepared`, "UNKNOWN_TOPIC_OR_PARTITION", "fatal");
    const record = simulatedRecord(key, value, timestamp, headers);
    const size = sizeOf(record);
    if (size + batchOverhead > maxBytes)
      throw new TransportError(
        `a record of ${size} bytes for "${topic}", which takes ${maxBytes}`,
        "MESSAGE_TOO_LARGE",
        "record",
      );
    const name = topicPartitionName(topic, partition);
    const known = this.#records.get(name);
    if (known === undefined) this.#records.set(name, { to: { topic, partition }, records: [record] });
    else known.records.push(record);
    this.#bufferedBytes += size;
  }

  async commit(membership: GroupMembership, offsets: readonly OffsetToCommit[]): Promise<CommitResult> {
    if (this.#state === "closed") throw closed();
    if (this.#state === "void")
      throw new TransportError("a commit failed before: begin again with a new producer", "VOID", "void");
    if (this.#abandon !== undefined)
      throw new TransportError("a commit is still on the wire: await it first", "COMMITTING", "fatal");
    // Sealed before anything is awaited: what is appended from here on belongs to the next commit.
    const outgoing = this.#seal();
    try {
      return await new Promise<CommitResult>((resolve, reject) => {
        this.#abandon = reject;
        this.#send(outgoing, membership, offsets).then((endOffsets) => resolve({ endOffsets }), reject);
      });
    } catch (error) {
      if (this.#state === "usable") this.#state = "void";
      throw error;
    } finally {
      this.#abandon = undefined;
    }
  }

  flush(): Promise<CommitResult> {
    return this.commit(nobody, []);
  }

  async close(): Promise<void> {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#records.clear();
    this.#bufferedBytes = 0;
    this.#abandon?.(closed());
    if (!this.#open) return;
    this.#open = false;
    const { clock } = this.#view;
    await new Promise<void>((resolve) => {
      clock.setTimeout(resolve, closePatienceMs);
      // Fenced, ended already, or out of reach: then the broker's time-out ends it.
      this.#endTransaction(false).then(resolve, () => resolve());
    });
  }

  #seal(): readonly Outgoing[] {
    const { producerId, epoch } = this.#identity;
    const outgoing: Outgoing[] = [];
    for (const [name, { to, records }] of this.#records) {
      const sequence = this.#sequences.get(name) ?? 0;
      this.#sequences.set(name, sequence + records.length);
      outgoing.push({ ...to, batch: { producerId, epoch, sequence, records } });
    }
    this.#records = new Map();
    this.#bufferedBytes = 0;
    return outgoing;
  }

  async #send(
    outgoing: readonly Outgoing[],
    membership: GroupMembership,
    offsets: readonly OffsetToCommit[],
  ): Promise<ReadonlyMap<string, number>> {
    if (this.#transactionalId !== undefined)
      return this.#sendInTransaction(this.#transactionalId, outgoing, membership, offsets);
    // The records first: offsets of what then got lost would be a loss.
    const endOffsets = await this.#timed("produce", this.#produce(outgoing));
    if (offsets.length > 0)
      await this.#timed(
        "sendOffsets",
        this.#persist(`g/${membership.groupId}`, "OffsetCommit", (node) =>
          this.#brokers.groupAt(node, membership.groupId).commit(membership, offsets),
        ),
      );
    return endOffsets;
  }

  async #sendInTransaction(
    id: string,
    outgoing: readonly Outgoing[],
    membership: GroupMembership,
    offsets: readonly OffsetToCommit[],
  ): Promise<ReadonlyMap<string, number>> {
    if (outgoing.length === 0 && offsets.length === 0) return new Map();
    this.#open = true;
    const { groupId } = membership;
    const brokers = this.#brokers;
    const identity = this.#identity;
    // 1. The broker takes no transactional record of a partition that the transaction does not know.
    if (outgoing.length > 0)
      await this.#persist(`t/${id}`, "AddPartitionsToTxn", (node) =>
        brokers.transactionalIdAt(node, id).add(
          identity,
          outgoing.map(({ topic, partition }) => brokers.log(topic, partition)),
          [],
        ),
      );
    this.#checkOpen();
    // 2. The records, and meanwhile the group joins the transaction.
    const [endOffsets] = await allOrFirstFailure([
      this.#timed("produce", this.#produce(outgoing)),
      offsets.length === 0
        ? Promise.resolve()
        : this.#persist(`t/${id}`, "AddOffsetsToTxn", (node) =>
            brokers.transactionalIdAt(node, id).add(identity, [], [brokers.group(groupId)]),
          ),
    ]);
    this.#checkOpen();
    // 3. The offsets, only after the records; a zombie is refused here, by its generation.
    if (offsets.length > 0)
      await this.#timed(
        "sendOffsets",
        this.#persist(`g/${groupId}`, "TxnOffsetCommit", (node) => {
          const group = brokers.groupAt(node, groupId);
          const transaction = brokers.transactionalId(id)?.ongoing(identity, group);
          if (transaction !== undefined) group.commitLater(membership, offsets, transaction);
        }),
      );
    this.#checkOpen();
    // 4. Never repeated: where the answer is lost, nobody here knows which way it went.
    await this.#timed("endTransaction", this.#endTransaction(true));
    this.#open = false;
    return endOffsets;
  }

  /** After the abort of `close` nothing more is sent: it would begin another transaction, without what was aborted. */
  #checkOpen(): void {
    if (this.#state === "closed") throw closed();
  }

  #timed<T>(request: CommitRequest, answer: Promise<T>): Promise<T> {
    const told = this.#onAnswer;
    return timed(answer, told && ((ms) => told(request, ms)), () => this.#view.clock.monotonic());
  }

  async #produce(outgoing: readonly Outgoing[]): Promise<ReadonlyMap<string, number>> {
    const brokers = this.#brokers;
    const { clock: process } = this.#view;
    const ends = await atLeaders(
      this.#view,
      outgoing,
      (one) => one,
      "Produce",
      (node, { topic, partition, batch }) => {
        const log = brokers.topics.get(topic)?.logs[partition];
        const offset = log?.endOffset(false) ?? 0;
        const end = produceAt(brokers, node, topic, partition, batch, this.#transactionalId);
        // One that was there already is not written again.
        if ((process.killed || this.#state === "closed") && (log?.endOffset(false) ?? 0) > offset)
          brokers.late({ process: process.name, request: "Produce", wrote: { topic, partition, offset } });
        return end;
      },
      this.#retry,
    );
    return new Map(
      [...ends].map(([{ topic, partition }, end]) => [topicPartitionName(topic, partition), end]),
    );
  }

  #endTransaction(committed: boolean): Promise<void> {
    const id = this.#transactionalId ?? "";
    return this.#view.coordinator(`t/${id}`, committed ? "EndTxn(commit)" : "EndTxn(abort)", (node) =>
      this.#brokers.transactionalIdAt(node, id).end(this.#identity, committed),
    );
  }

  #persist(coordinator: string, request: string, body: (node: number) => void): Promise<void> {
    return this.#view.retrying(() => this.#view.coordinator(coordinator, request, body), this.#retry);
  }

  get #retry(): { readonly forMs: number; readonly goOn: () => boolean } {
    return { forMs: this.#patienceMs, goOn: () => this.#state === "usable" };
  }
}

/** Waits for both even when one fails: nothing may still be on the wire when the transaction is aborted. */
const allOrFirstFailure = async <A, B>(both: readonly [Promise<A>, Promise<B>]): Promise<readonly [A, B]> => {
  await Promise.allSettled(both);
  return Promise.all(both);
};

const closed = (): TransportError => new TransportError("the producer is closed", "CLOSED", "void");
