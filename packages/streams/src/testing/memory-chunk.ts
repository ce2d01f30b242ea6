import type { Headers } from "../record.ts";
import type { BatchReader } from "../transport/codec/batch-reader.ts";
import type { FetchedChunk } from "../transport/fetcher.ts";

export interface MemoryRecord {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly timestamp: number;
  readonly headers: Headers;
}

/** One record as a fetched chunk, for tasks that run without a transport. */
export const memoryChunk = (
  topic: string,
  partition: number,
  offset: number,
  record: MemoryRecord,
): FetchedChunk => {
  const key = record.key ?? new Uint8Array(0);
  const value = record.value ?? new Uint8Array(0);
  let read = false;
  const records: BatchReader = {
    buffer: Buffer.concat([key, value]),
    offset,
    timestamp: record.timestamp,
    keyStart: record.key === null ? -1 : 0,
    keyEnd: key.length,
    valueStart: record.value === null ? -1 : key.length,
    valueEnd: key.length + value.length,
    advance: () => !read && (read = true),
    headers: () => record.headers,
  };
  return {
    topic,
    partition,
    records,
    byteLength: key.length + value.length,
    nextOffset: offset + 1,
    endOffset: offset + 1,
    leaderEpoch: -1,
  };
};
