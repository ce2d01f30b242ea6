import type { BatchReader } from "./codec/batch-reader.ts";

export interface FetcherOptions {
  /** Skip records of aborted transactions and never read past the last stable offset. */
  readonly readCommitted: boolean;
  /** How long the broker may hold a fetch that has nothing yet, in ms. */
  readonly maxWaitMs: number;
  /** Upper bound of one partition's part of one response, in bytes. */
  readonly maxBytesPerPartition: number;
  /** Upper bound of one response, in bytes. */
  readonly maxBytes: number;
  /** Fetched but not yet taken bytes per partition above which that partition is not fetched. */
  readonly maxBufferedBytesPerPartition: number;
  /**
   * Bytes of all partitions together, fetched or on the wire and not yet taken, above which nothing is fetched but a batch
   * (or 16 KiB) for each partition that has nothing at all: a task may wait for just that one.
   */
  readonly maxBufferedBytes: number;
  /** Called when a chunk, the end of a partition or a failure is there to be taken. Never called from inside `take`. */
  readonly onAvailable: () => void;
  /** Told of each answer how long it took, ms, the broker's waiting for records included. */
  readonly onAnswer?: ((tookMs: number) => void) | undefined;
}

/** A part of a partition's log as it came from the broker. */
export interface FetchedChunk {
  readonly topic: string;
  readonly partition: number;
  /** Reads the records, already filtered: no control records, none aborted, none before the position asked for. */
  readonly records: BatchReader;
  /** Size on the wire, in bytes. */
  readonly byteLength: number;
  /**
   * The offset to go on from once `records` is read to its end. May lie far beyond the last record (compaction,
   * aborted transactions, control batches), and `records` may be empty: the position advances all the same.
   */
  readonly nextOffset: number;
  /** End of the log when this was read: the last stable offset with readCommitted, else the high watermark. */
  readonly endOffset: number;
  /** Epoch of the leader that took the last batch of the chunk (KIP-320); -1 unknown. */
  readonly leaderEpoch: number;
}

/**
 * Fetches the added partitions, one request per broker at a time, into bounded buffers. A partition of which more
 * than `maxBufferedBytesPerPartition` is buffered, or that is paused, is left out of the next request.
 */
export interface Fetcher {
  /** Starts reading a partition at an offset. Adding one that is there already moves it and drops its buffer. */
  add(topic: string, partition: number, offset: number): void;
  /** Stops reading; buffered chunks of the partition are dropped, also those of a request on the wire. */
  remove(topic: string, partition: number): void;
  /**
   * The next buffered chunk of a partition; undefined when nothing is there. Throws a TransportError, once for each
   * `add`, when the partition can't be read: OFFSET_OUT_OF_RANGE (the position is not in the log: ask for both ends, and
   * add it again), CORRUPT_MESSAGE, or that there is no such partition any more.
   */
  take(topic: string, partition: number): FetchedChunk | undefined;
  /**
   * End of a partition's log in the newest answer, taken or not: the last stable offset with readCommitted, else the
   * high watermark. -1 before the first, and for a partition that was not added.
   */
  endOffset(topic: string, partition: number): number;
  /** Stops fetching and forgets everything; resolves when no request is on the wire. */
  close(): Promise<void>;
}
