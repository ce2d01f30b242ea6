import type { Headers } from "../../record.ts";
import { BatchBuilder, type BatchProducer } from "../codec/batch-builder.ts";
import type { Compression } from "../record-producer.ts";

/** A finished batch and how many sequence numbers it takes. */
export interface SealedBatch {
  readonly bytes: Buffer;
  readonly records: number;
}

/** The batches of one partition since the last commit: at most one is open, the others wait to be sent, in order. */
export class PartitionBatches {
  readonly topic: string;
  readonly partition: number;
  readonly #builder: BatchBuilder;
  #sealed: SealedBatch[] = [];
  #sealedBytes = 0;
  #nextSequence = 0;

  constructor(topic: string, partition: number, maxBatchBytes: number, compression: Compression) {
    this.topic = topic;
    this.partition = partition;
    this.#builder = new BatchBuilder(maxBatchBytes, compression);
  }

  get byteLength(): number {
    return this.#sealedBytes + (this.#builder.recordCount === 0 ? 0 : this.#builder.byteLength);
  }

  /** Answers by how many bytes this has grown. */
  append(
    key: Uint8Array | null,
    value: Uint8Array | null,
    timestamp: number,
    headers: Headers,
    producer: Omit<BatchProducer, "baseSequence">,
  ): number {
    const before = this.#builder.byteLength;
    if (this.#builder.append(key, value, timestamp, headers)) return this.#builder.byteLength - before;
    this.#seal(producer);
    const empty = this.#builder.byteLength;
    this.#builder.append(key, value, timestamp, headers);
    return this.#builder.byteLength - empty;
  }

  /** All batches since the last call, ready to be sent in this order. */
  take(producer: Omit<BatchProducer, "baseSequence">): readonly SealedBatch[] {
    if (this.#builder.recordCount > 0) this.#seal(producer);
    const taken = this.#sealed;
    this.#sealed = [];
    this.#sealedBytes = 0;
    return taken;
  }

  #seal(producer: Omit<BatchProducer, "baseSequence">): void {
    const records = this.#builder.recordCount;
    const bytes = this.#builder.seal({ ...producer, baseSequence: this.#nextSequence });
    // Sequence numbers go round at 2^31 (KIP-98).
    this.#nextSequence = (this.#nextSequence + records) % 0x8000_0000;
    this.#sealed.push({ bytes, records });
    this.#sealedBytes += bytes.length;
  }
}
