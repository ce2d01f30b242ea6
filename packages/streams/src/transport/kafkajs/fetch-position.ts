import { batchSpan } from "../codec/batch-span.ts";
import { type AbortedTransaction, readBatches } from "../codec/read-batches.ts";
import type { FetchedChunk, FetcherOptions } from "../fetcher.ts";
import { topicPartitionName } from "../topic-partition.ts";
import type { TransportError } from "../transport-error.ts";
import type { FetchedPartition } from "./requests/fetch.ts";

/** A larger response than this is not kept alive by a chunk that is a small part of it, */
const worthFreeing = 64 * 1024;
/** so many times smaller: the copy of an ordinary one would cost more than what it frees, for all are taken soon. */
const smallPart = 16;

/** Batches as they came, not opened yet. */
interface Fetched {
  readonly records: Buffer;
  /** Where they begin to count. */
  readonly fromOffset: number;
  readonly aborted: readonly AbortedTransaction[] | null;
  readonly endOffset: number;
  readonly leaderEpoch: number;
}

/**
 * Where the reading of one partition stands, and what was read and not yet taken. Lives from `add` to `remove`: what a
 * request brings for a position that was replaced meanwhile goes nowhere.
 */
export class FetchPosition {
  readonly topic: string;
  readonly partition: number;
  /** Next offset to ask for. */
  offset: number;
  /** How much to ask for, bytes. */
  maxBytes: number;
  /** A request with this partition is on the wire, or waits before the next try. */
  busy = false;
  /** No broker has answered for it yet: where its end is should be known at once, not when a held request returns. */
  fresh = true;
  /** When the topic was first said not to exist, in `performance.now()`. */
  missingSince: number | undefined;
  /** End of the log in the newest answer; -1 before the first. */
  endOffset = -1;
  /** Fetched and not yet taken. */
  bufferedBytes = 0;
  #failure: TransportError | undefined;
  #failed = false;
  #reportedEnd = -1;
  #fetched: Fetched[] = [];
  readonly #options: FetcherOptions;

  constructor(topic: string, partition: number, offset: number, options: FetcherOptions) {
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.maxBytes = options.maxBytesPerPartition;
    this.#options = options;
  }

  /** Whether there is reason, and room, to fetch. */
  get wanting(): boolean {
    return (
      !this.busy &&
      this.#failure === undefined &&
      this.bufferedBytes < this.#options.maxBufferedBytesPerPartition
    );
  }

  /** Whether there was nothing more when the broker was asked last. */
  get atEnd(): boolean {
    return this.endOffset >= 0 && this.offset >= this.endOffset;
  }

  /** The next chunk. Throws, once, what ended the reading. */
  take(): FetchedChunk | undefined {
    const fetched = this.#fetched.shift();
    if (fetched !== undefined) {
      this.bufferedBytes -= fetched.records.length;
      const chunk = this.#open(fetched);
      if (chunk !== undefined) return chunk;
    }
    if (this.#failure === undefined || this.#failed || this.#fetched.length > 0) return undefined;
    this.#failed = true;
    throw this.#failure;
  }

  /** It can't be read any further: `take` says so once, after what was read before. */
  fail(error: TransportError): void {
    this.#failure ??= error;
  }

  /** Whether there is something to take. */
  receive(answer: FetchedPartition): boolean {
    const { readCommitted, maxBytesPerPartition } = this.#options;
    const endOffset = readCommitted ? answer.lastStableOffset : answer.highWatermark;
    const { length } = answer.records;
    this.endOffset = endOffset;
    this.fresh = false;
    // An empty chunk tells, once, that the end was reached.
    if (length === 0 && (this.offset < endOffset || endOffset === this.#reportedEnd)) return false;
    const { nextOffset, leaderEpoch, truncated } = batchSpan(answer.records, this.offset);
    if (truncated) {
      this.maxBytes = Math.min(this.maxBytes * 2, 0x7fff_ffff);
      return false;
    }
    this.#fetched.push({
      records: unpinned(answer.records),
      fromOffset: this.offset,
      aborted: readCommitted ? answer.aborted : null,
      endOffset,
      leaderEpoch,
    });
    this.maxBytes = maxBytesPerPartition;
    this.offset = nextOffset;
    this.#reportedEnd = endOffset;
    this.bufferedBytes += length;
    return true;
  }

  /** Undefined where not even the first batch can be read. */
  #open({ records, fromOffset, aborted, endOffset, leaderEpoch }: Fetched): FetchedChunk | undefined {
    const { topic, partition } = this;
    const { reader, nextOffset, corrupt } = readBatches(records, {
      fromOffset,
      abortedTransactions: aborted,
      partition: topicPartitionName(topic, partition),
    });
    if (corrupt !== undefined) {
      this.fail(corrupt);
      this.#fetched = [];
      this.bufferedBytes = 0;
      if (nextOffset === fromOffset) return undefined;
    }
    return {
      topic,
      partition,
      records: reader,
      byteLength: records.length,
      nextOffset,
      endOffset,
      leaderEpoch,
    };
  }
}

const unpinned = (records: Buffer): Buffer => {
  const whole = records.buffer.byteLength;
  return whole > worthFreeing && whole > smallPart * records.length ? Buffer.from(records) : records;
};
