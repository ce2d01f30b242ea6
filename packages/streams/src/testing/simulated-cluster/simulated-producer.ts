import type { Headers } from "../../record.ts";
import type { CommitResult } from "../../transport/commit-result.ts";
import type { GroupMembership, OffsetToCommit } from "../../transport/group-coordinator.ts";
import type { ProducerOptions, RecordProducer } from "../../transport/record-producer.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { NetworkPath } from "./network-path.ts";
import type { SimulatedBroker } from "./simulated-broker.ts";
import { type SimulatedLog, type SimulatedRecord, sizeOf } from "./simulated-log.ts";
import type { SimulatedTransaction, TransactionalId } from "./simulated-transaction.ts";

/** What a batch takes beside its records. */
const batchOverhead = 61;
const nothing = Buffer.alloc(0);

type Batch = Map<SimulatedLog, SimulatedRecord[]>;

/** Writes at once what it is told to commit; idempotent, as nothing is ever sent twice. */
export class SimulatedProducer implements RecordProducer {
  readonly #broker: SimulatedBroker;
  readonly #path: NetworkPath;
  readonly #options: ProducerOptions;
  readonly #id: TransactionalId | undefined;
  readonly #epoch: number;
  readonly #maxBytes = new Map<string, number>();
  #batch: Batch = new Map();
  #bufferedBytes = 0;
  #state: "usable" | "void" | "closed" = "usable";
  /** Ends the commit that is on the wire. */
  #abandon: ((error: TransportError) => void) | undefined;

  constructor(broker: SimulatedBroker, path: NetworkPath, options: ProducerOptions) {
    this.#broker = broker;
    this.#path = path;
    this.#options = options;
    this.#id =
      options.transactionalId === undefined ? undefined : broker.transactionalId(options.transactionalId);
    this.#epoch = this.#id?.take() ?? 0;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  prepareTopics(topics: readonly string[]): Promise<void> {
    return this.#path.call(() => {
      for (const topic of topics)
        this.#maxBytes.set(topic, Number(this.#broker.topic(topic).configs.get("max.message.bytes")));
    });
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
    const record: SimulatedRecord = {
      bytes: Buffer.concat([key ?? nothing, value ?? nothing]),
      keyLength: key?.length ?? -1,
      valueLength: value?.length ?? -1,
      timestamp,
      headers,
    };
    const size = sizeOf(record);
    if (size + batchOverhead > maxBytes)
      throw new TransportError(
        `a record of ${size} bytes for "${topic}", which takes ${maxBytes}`,
        "MESSAGE_TOO_LARGE",
        "record",
      );
    const log = this.#broker.log(topic, partition);
    const records = this.#batch.get(log);
    if (records === undefined) this.#batch.set(log, [record]);
    else records.push(record);
    this.#bufferedBytes += size;
  }

  async commit(membership: GroupMembership, offsets: readonly OffsetToCommit[]): Promise<CommitResult> {
    const batch = this.#seal();
    if (this.#state === "closed") throw closed();
    if (this.#state === "void")
      throw new TransportError("a commit failed before: begin again with a new producer", "VOID", "void");
    try {
      return await Promise.race([
        this.#send(batch, membership, offsets),
        new Promise<never>((_, reject) => {
          this.#abandon = reject;
        }),
      ]);
    } catch (error) {
      if (this.#state === "usable") this.#state = "void";
      throw error;
    } finally {
      this.#abandon = undefined;
    }
  }

  flush(): Promise<CommitResult> {
    return this.commit({ groupId: "", generationId: -1, memberId: "", groupInstanceId: null }, []);
  }

  close(): Promise<void> {
    this.#state = "closed";
    this.#abandon?.(closed());
    // Where that does not get through, the transaction's time-out ends it.
    if (this.#id?.epoch === this.#epoch && this.#path.reachable) this.#id.abort();
    return Promise.resolve();
  }

  #seal(): Batch {
    const batch = this.#batch;
    this.#batch = new Map();
    this.#bufferedBytes = 0;
    return batch;
  }

  async #send(
    batch: Batch,
    membership: GroupMembership,
    offsets: readonly OffsetToCommit[],
  ): Promise<CommitResult> {
    await this.#path.hop();
    let endOffsets: ReadonlyMap<string, number> = new Map();
    if (this.#id === undefined) endOffsets = await this.#commitIdempotent(batch, membership, offsets);
    else if (batch.size > 0 || offsets.length > 0)
      endOffsets = await this.#commitTransaction(this.#id, batch, membership, offsets);
    await this.#path.hop();
    return { endOffsets };
  }

  async #commitIdempotent(
    batch: Batch,
    membership: GroupMembership,
    offsets: readonly OffsetToCommit[],
  ): Promise<ReadonlyMap<string, number>> {
    const endOffsets = write(batch, undefined);
    await this.#path.hop();
    if (offsets.length > 0) this.#broker.group(membership.groupId).commit(membership, offsets);
    return endOffsets;
  }

  async #commitTransaction(
    id: TransactionalId,
    batch: Batch,
    membership: GroupMembership,
    offsets: readonly OffsetToCommit[],
  ): Promise<ReadonlyMap<string, number>> {
    this.#checkEpoch(id);
    const transaction = id.begin(this.#options.transactionTimeoutMs);
    const endOffsets = write(batch, transaction);
    await this.#path.hop();
    this.#checkEpoch(id);
    if (offsets.length > 0)
      this.#broker.group(membership.groupId).commitLater(membership, offsets, transaction);
    await this.#path.hop();
    this.#checkEpoch(id);
    id.commit();
    return endOffsets;
  }

  #checkEpoch(id: TransactionalId): void {
    if (id.epoch !== this.#epoch)
      throw new TransportError(
        "another producer has this transactional id",
        "INVALID_PRODUCER_EPOCH",
        "void",
      );
  }
}

const closed = (): TransportError => new TransportError("the producer is closed", "CLOSED", "void");

/** Answers the end of each partition after it. */
const write = (batch: Batch, transaction: SimulatedTransaction | undefined): ReadonlyMap<string, number> => {
  const endOffsets = new Map<string, number>();
  for (const [log, records] of batch) {
    transaction?.logs.add(log);
    endOffsets.set(log.name, log.append(records, transaction));
  }
  return endOffsets;
};
