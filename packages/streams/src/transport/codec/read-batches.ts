import { type Header, type Headers, noHeaders } from "../../record.ts";
import { readInt64 } from "../../state/int64.ts";
import {
  batchHeaderSize,
  compressionMask,
  controlFlag,
  layout,
  logAppendTimeFlag,
  transactionalFlag,
} from "./batch-layout.ts";
import type { BatchReader } from "./batch-reader.ts";
import { decompress } from "./compression.ts";
import { endOfBatch, offsetAfter } from "./batch-span.ts";
import { CorruptBatchError } from "./corrupt-batch-error.ts";
import { crc32c } from "./crc32c.ts";
import { Undecodable } from "./undecodable.ts";

/** From this offset on the records of that producer were aborted, up to its next marker. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

export interface ReadOptions {
  /** Records before this are not shown: a batch is fetched whole, however far into it the position is. */
  readonly fromOffset: number;
  /** The response's index of aborted transactions; null to show every record (read_uncommitted). */
  readonly abortedTransactions: readonly AbortedTransaction[] | null;
  /** Name of the partition, for errors. */
  readonly partition?: string;
}

export interface ReadBatches {
  readonly reader: BatchReader;
  /** The offset after the last batch that can be read; `fromOffset` when there is none. */
  readonly nextOffset: number;
  /** Why nothing behind that can be read. */
  readonly corrupt: CorruptBatchError | undefined;
}

interface Batch {
  readonly start: number;
  readonly end: number;
}

/**
 * Opens the record part of a fetch response: several batches, the last one possibly cut off. Their checksums are
 * compared here, so that what the reader may still throw (a CorruptBatchError) is a producer's fault, not the network's
 * or a disk's.
 */
export const readBatches = (
  blob: Buffer,
  { fromOffset, abortedTransactions, partition = "" }: ReadOptions,
): ReadBatches => {
  const batches: Batch[] = [];
  const aborted = new Aborted(abortedTransactions);
  const reader = new Cursor(blob, batches, fromOffset, partition);
  let nextOffset = fromOffset;
  try {
    for (let at = 0, end; (end = endOfBatch(blob, at)) >= 0; at = end) {
      if (crc32c(blob, at + layout.attributes, end) !== blob.readUInt32BE(at + layout.crc))
        throw new Undecodable("its checksum is wrong");
      const next = offsetAfter(blob, at);
      if (aborted.shows(blob, at, end) && next > fromOffset) batches.push({ start: at, end });
      nextOffset = Math.max(nextOffset, next);
    }
  } catch (error) {
    // A transaction's marker is read by a cursor of its own.
    const why = error instanceof CorruptBatchError ? error.cause : error;
    if (!(why instanceof Undecodable)) throw error;
    return { reader, nextOffset, corrupt: corruptBatch(partition, nextOffset, why) };
  }
  return { reader, nextOffset, corrupt: undefined };
};

const corruptBatch = (partition: string, offset: number, error: Undecodable): CorruptBatchError =>
  new CorruptBatchError(`${partition} offset ${offset}`, error.message, { cause: error });

/** Follows which producers' transactions are aborted as the batches go by (KIP-98). */
class Aborted {
  readonly #starts: AbortedTransaction[] | null;
  readonly #open = new Set<bigint>();

  constructor(transactions: readonly AbortedTransaction[] | null) {
    this.#starts =
      transactions === null ? null : [...transactions].toSorted((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Whether the batch's records are to be seen; control batches never are. */
  shows(blob: Buffer, at: number, end: number): boolean {
    const attributes = blob.readInt16BE(at + layout.attributes);
    const control = (attributes & controlFlag) !== 0;
    if (this.#starts === null || (attributes & transactionalFlag) === 0) return !control;
    const last = offsetAfter(blob, at) - 1;
    while (this.#starts[0] !== undefined && this.#starts[0].firstOffset <= last)
      this.#open.add((this.#starts.shift() as AbortedTransaction).producerId);
    const producerId = blob.readBigInt64BE(at + layout.producerId);
    if (!control) return !this.#open.has(producerId);
    if (isAbortMarker(blob, at, end)) this.#open.delete(producerId);
    return false;
  }
}

/** The marker's only record has the key `int16 version, int16 type`; type 0 is abort. */
const isAbortMarker = (blob: Buffer, at: number, end: number): boolean => {
  if (blob.readInt32BE(at + layout.recordCount) < 1) return false;
  const cursor = new Cursor(blob, [{ start: at, end }], 0, "");
  if (!cursor.advance() || cursor.keyEnd - cursor.keyStart < 4)
    throw new Undecodable("its transaction marker has no key");
  return cursor.buffer.readInt16BE(cursor.keyStart + 2) === 0;
};

class Cursor implements BatchReader {
  buffer: Buffer;
  offset = -1;
  timestamp = -1;
  keyStart = -1;
  keyEnd = -1;
  valueStart = -1;
  valueEnd = -1;
  readonly #blob: Buffer;
  readonly #batches: readonly Batch[];
  readonly #from: number;
  readonly #partition: string;
  #batch = 0;
  #left = 0;
  #at = 0;
  #end = 0;
  #baseOffset = 0;
  #baseTimestamp = 0;
  #appendTime = -1;
  #headersAt = 0;
  #recordEnd = 0;

  /** Batches may be added until the first `advance`. */
  constructor(blob: Buffer, batches: readonly Batch[], from: number, partition: string) {
    this.buffer = blob;
    this.#blob = blob;
    this.#batches = batches;
    this.#from = from;
    this.#partition = partition;
  }

  advance(): boolean {
    try {
      for (;;) {
        if (this.#left === 0) {
          if (this.#at !== this.#end) throw new Undecodable("there are bytes after its last record");
          if (!this.#open()) return false;
          continue;
        }
        this.#left--;
        this.#read();
        if (this.offset >= this.#from) return true;
      }
    } catch (error) {
      throw this.#corrupt(error);
    }
  }

  headers(): Headers {
    const { buffer } = this;
    if (buffer[this.#headersAt] === 0) return noHeaders;
    position = this.#headersAt;
    try {
      const headers: Header[] = [];
      for (let left = varint(buffer); left > 0; left--) {
        const nameLength = varint(buffer);
        const name = buffer.toString("utf8", position, (position += Math.max(0, nameLength)));
        const length = varint(buffer);
        headers.push([name, length < 0 ? null : buffer.subarray(position, (position += length))]);
        if (position > this.#recordEnd)
          throw new Undecodable("a record's headers are longer than the record");
      }
      return headers;
    } catch (error) {
      throw this.#corrupt(error);
    }
  }

  #corrupt(error: unknown): unknown {
    return error instanceof Undecodable ? corruptBatch(this.#partition, this.#baseOffset, error) : error;
  }

  #open(): boolean {
    const batch = this.#batches[this.#batch++];
    if (batch === undefined) return false;
    const { start, end } = batch;
    const blob = this.#blob;
    const attributes = blob.readInt16BE(start + layout.attributes);
    const compression = attributes & compressionMask;
    this.#baseOffset = readInt64(blob, start);
    this.#baseTimestamp = readInt64(blob, start + layout.firstTimestamp);
    this.#appendTime =
      (attributes & logAppendTimeFlag) === 0 ? -1 : readInt64(blob, start + layout.maxTimestamp);
    this.#left = blob.readInt32BE(start + layout.recordCount);
    if (compression === 0) {
      this.buffer = blob;
      this.#at = start + batchHeaderSize;
      this.#end = end;
    } else {
      this.buffer = decompress(compression, blob.subarray(start + batchHeaderSize, end));
      this.#at = 0;
      this.#end = this.buffer.length;
    }
    return true;
  }

  #read(): void {
    const { buffer } = this;
    position = this.#at;
    const length = varint(buffer);
    const end = position + length;
    if (length <= 0 || end > this.#end) throw new Undecodable("a record is longer than its batch");
    position++;
    const timestampDelta = varlong(buffer);
    this.offset = this.#baseOffset + varint(buffer);
    this.timestamp = this.#appendTime >= 0 ? this.#appendTime : this.#baseTimestamp + timestampDelta;
    const keyLength = varint(buffer);
    if (keyLength < 0) {
      this.keyStart = -1;
      this.keyEnd = -1;
    } else {
      this.keyStart = position;
      this.keyEnd = position += keyLength;
    }
    const valueLength = varint(buffer);
    if (valueLength < 0) {
      this.valueStart = -1;
      this.valueEnd = -1;
    } else {
      this.valueStart = position;
      this.valueEnd = position += valueLength;
    }
    if (position >= end) throw new Undecodable("a record's fields are longer than the record");
    this.#headersAt = position;
    this.#recordEnd = end;
    this.#at = end;
  }
}

/** Where the next varint is read. One for the module: a field of an object costs a third of the speed. */
let position = 0;

const varint = (source: Buffer): number => {
  let byte = source[position++] as number;
  if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
  let result = byte & 0x7f;
  for (let shift = 7; shift < 35; shift += 7) {
    byte = source[position++] as number;
    result |= (byte & 0x7f) << shift;
    if (byte < 0x80) return (result >>> 1) ^ -(result & 1);
  }
  throw new Undecodable("a varint has no end");
};

/** A varlong as a number: exact within 2^53. */
const varlong = (source: Buffer): number => {
  let byte = source[position++] as number;
  if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1);
  let result = byte & 0x7f;
  for (let factor = 0x80, bytes = 1; bytes < 10; factor *= 0x80, bytes++) {
    byte = source[position++] as number;
    result += (byte & 0x7f) * factor;
    if (byte < 0x80) return result % 2 === 0 ? result / 2 : -(result + 1) / 2;
  }
  throw new Undecodable("a varlong has no end");
};
