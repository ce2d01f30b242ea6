import { readBatches } from "../codec/read-batches.ts";
import type { FetchedChunk, FetcherOptions } from "../fetcher.ts";
import type { TransportError } from "../transport-error.ts";
import type { FetchedPartition } from "./requests/fetch.ts";

/** A larger response than this is not kept alive by a chunk that is a small part of it. */
const worthFreeing = 64 * 1024;

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
  #failure: TransportError | undefined;
  #failed = false;
  #bufferedBytes = 0;
  #reportedEnd = -1;
  /** End of the log in the newest answer; -1 before the first. */
  endOffset = -1;
  readonly #chunks: FetchedChunk[] = [];
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
      this.#bufferedBytes < this.#options.maxBufferedBytesPerPartition
    );
  }

  take(): FetchedChunk | undefined {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) this.#bufferedBytes -= chunk.byteLength;
    else if (this.#failure !== undefined && !this.#failed) {
      this.#failed = true;
      throw this.#failure;
    }
    return chunk;
  }

  /** It can't be read any further: `take` says so once, after what was read before. */
  fail(error: TransportError): void {
    this.#failure = error;
  }

  /** Whether there is something to take. Throws a CorruptBatchError. */
  receive(answer: FetchedPartition): boolean {
    const { readCommitted, maxBytesPerPartition } = this.#options;
    const endOffset = readCommitted ? answer.lastStableOffset : answer.highWatermark;
    const { length } = answer.records;
    this.endOffset = endOffset;
    this.fresh = false;
    // An empty chunk tells, once, that the end was reached.
    if (length === 0 && (this.offset < endOffset || endOffset === this.#reportedEnd)) return false;
    const { reader, nextOffset, leaderEpoch, truncated } = readBatches(unpinned(answer.records), {
      fromOffset: this.offset,
      abortedTransactions: readCommitted ? answer.aborted : null,
    });
    if (truncated) {
      this.maxBytes = Math.min(this.maxBytes * 2, 0x7fff_ffff);
      return false;
    }
    this.maxBytes = maxBytesPerPartition;
    this.offset = nextOffset;
    this.#reportedEnd = endOffset;
    this.#bufferedBytes += length;
    this.#chunks.push({
      topic: this.topic,
      partition: this.partition,
      records: reader,
      byteLength: length,
      nextOffset,
      endOffset,
      leaderEpoch,
    });
    return true;
  }
}

const unpinned = (records: Buffer): Buffer => {
  const whole = records.buffer.byteLength;
  return whole > worthFreeing && whole > 4 * records.length ? Buffer.from(records) : records;
};
