import type { Headers } from "../../record.ts";

/**
 * A cursor over the records of a fetched chunk. `advance` moves to the next record and sets the fields; nothing is
 * allocated per record. Key and value are ranges of `buffer`; a start of -1 means null.
 *
 * The buffer changes from batch to batch (each compressed batch has its own), so read it after each `advance`.
 * It stays valid after the cursor moved on: slices of it may be kept, at the cost of keeping the whole batch alive.
 */
export interface BatchReader {
  buffer: Buffer;
  offset: number;
  timestamp: number;
  keyStart: number;
  keyEnd: number;
  valueStart: number;
  valueEnd: number;
  /** False at the end. Throws a CorruptBatchError where a producer wrote nonsense: checksums were compared before. */
  advance(): boolean;
  /** Decodes the current record's headers; the shared `noHeaders` when there are none. */
  headers(): Headers;
}
