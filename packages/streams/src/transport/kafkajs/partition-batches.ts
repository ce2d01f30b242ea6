import type { Headers } from "../../record.ts";
import { BatchBuilder, type BatchProducer } from "../codec/batch-builder.ts";
import { RecordTooLargeError } from "../codec/record-too-large-error.ts";
import type { Compression } from "../record-producer.ts";
import { TransportError } from "../transport-error.ts";

/** Who writes: everything about a batch's producer but the place of the batch in its sequence. */
export type BatchWriter = Omit<BatchProducer, "baseSequence">;

/** The batches of one partition since the last commit: at most one is open, the others wait to be sent, in order. */
export class PartitionBatches {
  readonly topic: string;
  readonly partition: number;
  readonly #writer: BatchWriter;
  readonly #builder: BatchBuilder;
  #sealed: Buffer[] = [];
  #nextSequence = 0;

  constructor(
    topic: string,
    partition: number,
    maxBatchBytes: number,
    compression: Compression,
    writer: BatchWriter,
  ) {
    this.topic = topic;
    this.partition = partition;
    this.#writer = writer;
    this.#builder = new BatchBuilder(maxBatchBytes, compression);
  }

  /** The topic's limit has changed: for the batches that are begun from here on, and the one that is open. */
  set maxBatchBytes(bytes: number) {
    this.#builder.maxBytes = bytes;
  }

  /** Answers by how many bytes this has grown. Throws MESSAGE_TOO_LARGE for a record that no batch would hold. */
  append(key: Uint8Array | null, value: Uint8Array | null, timestamp: number, headers: Headers): number {
    const builder = this.#builder;
    let before = builder.byteLength;
    try {
      if (!builder.append(key, value, timestamp, headers)) {
        this.#seal();
        before = builder.byteLength;
        builder.append(key, value, timestamp, headers);
      }
    } catch (error) {
      if (!(error instanceof RecordTooLargeError)) throw error;
      const where = `${this.topic}-${this.partition}`;
      throw new TransportError(`${where}: ${error.message}`, "MESSAGE_TOO_LARGE", "record", { cause: error });
    }
    return builder.byteLength - before;
  }

  /** All batches since the last call, ready to be sent in this order. */
  take(): readonly Buffer[] {
    if (this.#builder.recordCount > 0) this.#seal();
    const taken = this.#sealed;
    this.#sealed = [];
    return taken;
  }

  #seal(): void {
    const records = this.#builder.recordCount;
    this.#sealed.push(this.#builder.seal({ ...this.#writer, baseSequence: this.#nextSequence }));
    // Sequence numbers go round at 2^31 (KIP-98).
    this.#nextSequence = (this.#nextSequence + records) % 0x8000_0000;
  }
}
