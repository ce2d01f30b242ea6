import type { Headers } from "../../record.ts";
import { writeInt64 } from "../../state/int64.ts";
import type { Compression } from "../record-producer.ts";
import { batchHeaderSize, layout, transactionalFlag } from "./batch-layout.ts";
import { compress, compressionCode } from "./compression.ts";
import { crc32c } from "./crc32c.ts";
import { RecordTooLargeError } from "./record-too-large-error.ts";

/** Whose batch it is, and where it stands among the producer's batches for the partition (KIP-98). */
export interface BatchProducer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly transactional: boolean;
}

const initialSize = 16 * 1024;

/**
 * A record batch (magic 2) under construction: each record is encoded straight into one growing buffer. Timestamps
 * are deltas to the first, of either sign.
 */
export class BatchBuilder {
  recordCount = 0;
  #maxBytes: number;
  readonly #compression: Compression;
  #buffer: Buffer;
  #at = batchHeaderSize;
  #firstTimestamp = 0;
  #maxTimestamp = 0;

  /** `maxBytes`: size of the whole batch, header included, as the broker compares it with max.message.bytes. */
  constructor(maxBytes: number, compression: Compression) {
    this.#maxBytes = maxBytes;
    this.#compression = compression;
    this.#buffer = Buffer.allocUnsafeSlow(initialSize);
  }

  /** Another limit, for what comes from here on. */
  set maxBytes(bytes: number) {
    this.#maxBytes = bytes;
  }

  /** Bytes so far, header included, uncompressed. */
  get byteLength(): number {
    return this.#at;
  }

  /**
   * Adds a record; false when it does not fit any more: seal this batch and begin another. Throws a
   * RecordTooLargeError for a record that no batch would hold.
   */
  append(key: Uint8Array | null, value: Uint8Array | null, timestamp: number, headers: Headers): boolean {
    const first = this.recordCount === 0;
    const delta = first ? 0 : timestamp - this.#firstTimestamp;
    const keyLength = key === null ? -1 : key.length;
    const valueLength = value === null ? -1 : value.length;
    const body =
      1 +
      sizeOfLong(delta) +
      sizeOf(this.recordCount) +
      sizeOf(keyLength) +
      (keyLength > 0 ? keyLength : 0) +
      sizeOf(valueLength) +
      (valueLength > 0 ? valueLength : 0) +
      (headers.length === 0 ? 1 : sizeOfHeaders(headers));
    const size = sizeOf(body) + body;
    if (this.#at + size > this.#maxBytes) {
      if (first) throw new RecordTooLargeError(size + batchHeaderSize, this.#maxBytes);
      return false;
    }
    if (first) {
      this.#firstTimestamp = timestamp;
      this.#maxTimestamp = timestamp;
    } else if (timestamp > this.#maxTimestamp) this.#maxTimestamp = timestamp;
    if (this.#at + size > this.#buffer.length) this.#grow(size);
    const b = this.#buffer;
    let at = writeInt(b, this.#at, body);
    b[at++] = 0;
    at = writeLong(b, at, delta);
    at = writeInt(b, at, this.recordCount);
    at = writeInt(b, at, keyLength);
    if (keyLength > 0) {
      b.set(key as Uint8Array, at);
      at += keyLength;
    }
    at = writeInt(b, at, valueLength);
    if (valueLength > 0) {
      b.set(value as Uint8Array, at);
      at += valueLength;
    }
    if (headers.length === 0) b[at++] = 0;
    else at = writeHeaders(b, at, headers);
    this.#at = at;
    this.recordCount++;
    return true;
  }

  /** The finished batch; its memory is its own from here on, and the builder is empty again. */
  seal(producer: BatchProducer): Buffer {
    let batch = this.#buffer.subarray(0, this.#at);
    if (this.#compression !== "none") {
      const records = compress(this.#compression, batch.subarray(batchHeaderSize));
      batch = Buffer.concat([batch.subarray(0, batchHeaderSize), records]);
    }
    writeInt64(batch, layout.baseOffset, 0);
    batch.writeInt32BE(batch.length - layout.afterLength, layout.length);
    batch.writeInt32BE(-1, layout.leaderEpoch);
    batch[layout.magic] = 2;
    batch.writeInt16BE(
      compressionCode(this.#compression) | (producer.transactional ? transactionalFlag : 0),
      layout.attributes,
    );
    batch.writeInt32BE(this.recordCount - 1, layout.lastOffsetDelta);
    writeInt64(batch, layout.firstTimestamp, this.#firstTimestamp);
    writeInt64(batch, layout.maxTimestamp, this.#maxTimestamp);
    batch.writeBigInt64BE(producer.producerId, layout.producerId);
    batch.writeInt16BE(producer.producerEpoch, layout.producerEpoch);
    batch.writeInt32BE(producer.baseSequence, layout.baseSequence);
    batch.writeInt32BE(this.recordCount, layout.recordCount);
    batch.writeUInt32BE(crc32c(batch, layout.attributes, batch.length), layout.crc);
    // The sealed batch keeps the memory; the next one most likely needs as much.
    this.#buffer = Buffer.allocUnsafeSlow(Math.max(initialSize, Math.min(this.#at, 1 << 20)));
    this.#at = batchHeaderSize;
    this.recordCount = 0;
    return batch;
  }

  #grow(more: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#buffer.length * 2, this.#at + more));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}

const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;

const sizeOf = (value: number): number => {
  const z = zigzag(value);
  return z < 0x80 ? 1 : z < 0x4000 ? 2 : z < 0x20_0000 ? 3 : z < 0x1000_0000 ? 4 : 5;
};

const writeInt = (target: Buffer, start: number, value: number): number => {
  let z = zigzag(value);
  let at = start;
  while (z > 0x7f) {
    target[at++] = (z & 0x7f) | 0x80;
    z >>>= 7;
  }
  target[at++] = z;
  return at;
};

/** Zigzag of up to 54 bits: beyond what bit operators hold. */
const zigzagLong = (value: number): number => (value >= 0 ? value * 2 : -value * 2 - 1);

const sizeOfLong = (value: number): number => {
  let z = zigzagLong(value);
  let size = 1;
  while (z >= 0x80) {
    z = Math.floor(z / 0x80);
    size++;
  }
  return size;
};

const writeLong = (target: Buffer, start: number, value: number): number => {
  let z = zigzagLong(value);
  let at = start;
  while (z >= 0x80) {
    target[at++] = (z % 0x80) | 0x80;
    z = Math.floor(z / 0x80);
  }
  target[at++] = z;
  return at;
};

const sizeOfHeaders = (headers: Headers): number => {
  let size = sizeOf(headers.length);
  for (const [name, value] of headers) {
    const nameLength = Buffer.byteLength(name);
    size += sizeOf(nameLength) + nameLength;
    size += value === null ? 1 : sizeOf(value.length) + value.length;
  }
  return size;
};

const writeHeaders = (target: Buffer, start: number, headers: Headers): number => {
  let at = writeInt(target, start, headers.length);
  for (const [name, value] of headers) {
    at = writeInt(target, at, Buffer.byteLength(name));
    at += target.write(name, at);
    at = writeInt(target, at, value === null ? -1 : value.length);
    if (value !== null) {
      target.set(value, at);
      at += value.length;
    }
  }
  return at;
};
