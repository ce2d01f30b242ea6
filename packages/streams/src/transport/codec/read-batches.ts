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
import { CorruptBatchError } from "./corrupt-batch-error.ts";
import { crc32c } from "./crc32c.ts";

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
}

export interface ReadBatches {
  readonly reader: BatchReader;
  /** The offset after the last complete batch; `fromOffset` when there is none. */
  readonly nextOffset: number;
  /** Of the leader that took the last complete batch (KIP-320); -1 when there is none. */
  readonly leaderEpoch: number;
  /** There are bytes, but not one complete batch: fetch again with room for more. */
  readonly truncated: boolean;
}

interface Batch {
  readonly start: number;
  readonly end: number;
}

/** Opens the record part of a fetch response: several batches, the last one possibly cut off. */
export const readBatches = (blob: Buffer, options: ReadOptions): ReadBatches => {
  const batches: Batch[] = [];
  let nextOffset = options.fromOffset;
  let leaderEpoch = -1;
  let at = 0;
  const aborted = new Aborted(options.abortedTransactions);
  while (blob.length - at >= batchHeaderSize) {
    const end = at + layout.afterLength + blob.readInt32BE(at + layout.length);
    if (end > blob.length) break;
    const magic = blob[at + layout.magic];
    if (magic !== 2)
      throw new CorruptBatchError(
        `it has the format (magic ${magic}) of brokers before 0.11; Kafka 4 can't serve it either`,
      );
    if (end - at < batchHeaderSize) throw new CorruptBatchError(`its length is ${end - at} bytes`);
    const base = readInt64(blob, at);
    const next = base + blob.readInt32BE(at + layout.lastOffsetDelta) + 1;
    const shown = aborted.shows(blob, at, end, base);
    if (shown && next > options.fromOffset) batches.push({ start: at, end });
    // The others are checked when they are opened; this one must not be passed over for a damaged flag.
    else checkCrc(blob, at, end);
    nextOffset = Math.max(nextOffset, next);
    leaderEpoch = blob.readInt32BE(at + layout.leaderEpoch);
    at = end;
  }
  return {
    reader: new Cursor(blob, batches, options.fromOffset),
    nextOffset,
    leaderEpoch,
    truncated: at === 0 && blob.length > 0,
  };
};

/** Follows which producers' transactions are aborted as the batches go by (KIP-98). */
class Aborted {
  readonly #starts: AbortedTransaction[] | null;
  readonly #open = new Set<bigint>();

  constructor(transactions: readonly AbortedTransaction[] | null) {
    this.#starts =
      transactions === null ? null : [...transactions].toSorted((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Whether the batch's records are to be seen; control batches never are. */
  shows(blob: Buffer, at: number, end: number, base: number): boolean {
    const attributes = blob.readInt16BE(at + layout.attributes);
    const control = (attributes & controlFlag) !== 0;
    if (this.#starts === null || (attributes & transactionalFlag) === 0) return !control;
    const last = base + blob.readInt32BE(at + layout.lastOffsetDelta);
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
  const cursor = new Cursor(blob, [{ start: at, end }], 0);
  return cursor.advance() && cursor.keyStart >= 0 && cursor.buffer.readInt16BE(cursor.keyStart + 2) === 0;
};

const checkCrc = (blob: Buffer, start: number, end: number): void => {
  if (crc32c(blob, start + layout.attributes, end) !== blob.readUInt32BE(start + layout.crc))
    throw new CorruptBatchError("its checksum is wrong");
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
  #batch = 0;
  #left = 0;
  #at = 0;
  #end = 0;
  #baseOffset = 0;
  #baseTimestamp = 0;
  #appendTime = -1;
  #headersAt = 0;

  constructor(blob: Buffer, batches: readonly Batch[], from: number) {
    this.buffer = blob;
    this.#blob = blob;
    this.#batches = batches;
    this.#from = from;
  }

  advance(): boolean {
    for (;;) {
      if (this.#left === 0) {
        if (this.#at !== this.#end) throw new CorruptBatchError("there are bytes after its last record");
        if (!this.#open()) return false;
        continue;
      }
      this.#left--;
      this.#read();
      if (this.offset >= this.#from) return true;
    }
  }

  headers(): Headers {
    const { buffer } = this;
    if (buffer[this.#headersAt] === 0) return noHeaders;
    position = this.#headersAt;
    const count = varint(buffer);
    const headers: Header[] = [];
    for (let n = 0; n < count; n++) {
      const nameLength = varint(buffer);
      const name = buffer.toString("utf8", position, (position += nameLength));
      const length = varint(buffer);
      headers.push([name, length < 0 ? null : buffer.subarray(position, (position += length))]);
    }
    return headers;
  }

  #open(): boolean {
    const batch = this.#batches[this.#batch++];
    if (batch === undefined) return false;
    const { start, end } = batch;
    const blob = this.#blob;
    checkCrc(blob, start, end);
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
    if (length <= 0 || end > this.#end) throw new CorruptBatchError("a record is longer than its batch");
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
    if (position >= end) throw new CorruptBatchError("a record's fields are longer than the record");
    this.#headersAt = position;
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
  throw new CorruptBatchError("a varint has no end");
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
  throw new CorruptBatchError("a varlong has no end");
};
