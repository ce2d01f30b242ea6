import { BatchBuilder, type BatchProducer } from "../codec/batch-builder.ts";
import { batchHeaderSize, layout } from "../codec/batch-layout.ts";
import { readBatches } from "../codec/read-batches.ts";
import { RecordTooLargeError } from "../codec/record-too-large-error.ts";
import type { Compression } from "../record-producer.ts";

/** Sequences go round at 2^31 (KIP-98). */
const sequences = 0x8000_0000;

export interface SplitBatch {
  readonly batches: readonly Buffer[];
  /** Records, by their place in the batch, that are too large even alone: they are in none of the batches. */
  readonly tooLarge: ReadonlyMap<number, RecordTooLargeError>;
}

/**
 * The records of a batch in at least two smaller ones, none larger than `maxBytes` before compression: the topic does not
 * take it any more. Their sequences together are those of the batch, if no record is too large.
 */
export const splitBatch = (
  batch: Buffer,
  producer: Omit<BatchProducer, "baseSequence">,
  maxBytes: number,
  compression: Compression,
): SplitBatch => {
  const half = (batchHeaderSize + uncompressedBytes(batch)) / 2;
  const builder = new BatchBuilder(maxBytes, compression);
  const batches: Buffer[] = [];
  const tooLarge = new Map<number, RecordTooLargeError>();
  let baseSequence = batch.readInt32BE(layout.baseSequence);
  const seal = (): void => {
    const { recordCount } = builder;
    if (recordCount === 0) return;
    batches.push(builder.seal({ ...producer, baseSequence }));
    baseSequence = (baseSequence + recordCount) % sequences;
  };
  const { reader } = readBatches(batch, { fromOffset: 0, abortedTransactions: null });
  for (let index = 0; reader.advance(); index++) {
    const { buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp } = reader;
    const key = keyStart < 0 ? null : buffer.subarray(keyStart, keyEnd);
    const value = valueStart < 0 ? null : buffer.subarray(valueStart, valueEnd);
    const size = (key?.length ?? 0) + (value?.length ?? 0);
    if (builder.byteLength + size > half) seal();
    try {
      if (builder.append(key, value, timestamp, reader.headers())) continue;
      seal();
      builder.append(key, value, timestamp, reader.headers());
    } catch (error) {
      if (!(error instanceof RecordTooLargeError)) throw error;
      tooLarge.set(index, error);
    }
  }
  seal();
  return { batches, tooLarge };
};

const uncompressedBytes = (batch: Buffer): number => {
  const { reader } = readBatches(batch, { fromOffset: 0, abortedTransactions: null });
  let bytes = 0;
  while (reader.advance())
    bytes += Math.max(0, reader.keyEnd - reader.keyStart) + Math.max(0, reader.valueEnd - reader.valueStart);
  return bytes;
};
