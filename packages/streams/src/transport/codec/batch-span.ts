import { readInt64 } from "../../state/int64.ts";
import { batchHeaderSize, layout } from "./batch-layout.ts";
import { Undecodable } from "./undecodable.ts";

/** What the headers of several batches say of their offsets. */
export interface BatchSpan {
  /** The offset after the last complete batch; `fromOffset` when there is none. */
  readonly nextOffset: number;
  /** Of the leader that took the last complete batch (KIP-320); -1 when there is none. */
  readonly leaderEpoch: number;
  /** There are bytes, but not one complete batch: fetch again with room for more. */
  readonly truncated: boolean;
}

/** Looks at just the headers of a response's batches, up to one that can't be right: `readBatches` says why. */
export const batchSpan = (blob: Buffer, fromOffset: number): BatchSpan => {
  let nextOffset = fromOffset;
  let leaderEpoch = -1;
  let at = 0;
  try {
    for (let end; (end = endOfBatch(blob, at)) >= 0; at = end) {
      nextOffset = Math.max(nextOffset, offsetAfter(blob, at));
      leaderEpoch = blob.readInt32BE(at + layout.leaderEpoch);
    }
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error;
    return { nextOffset, leaderEpoch, truncated: false };
  }
  return { nextOffset, leaderEpoch, truncated: at === 0 && blob.length > 0 };
};

/** Where the batch at `at` ends; -1 when it is cut off. Throws Undecodable for a header that can't be right. */
export const endOfBatch = (blob: Buffer, at: number): number => {
  if (blob.length - at < batchHeaderSize) return -1;
  const magic = blob[at + layout.magic];
  if (magic !== 2)
    throw new Undecodable(
      `it has the format (magic ${magic}) of brokers before 0.11, if any; Kafka 4 can't serve it either`,
    );
  const length = layout.afterLength + blob.readInt32BE(at + layout.length);
  if (length < batchHeaderSize) throw new Undecodable(`its length is ${length} bytes`);
  if (blob.readInt32BE(at + layout.lastOffsetDelta) < 0)
    throw new Undecodable("its last offset is before its first");
  return at + length > blob.length ? -1 : at + length;
};

/** The offset after the batch at `at`, also where compaction has taken its last records. */
export const offsetAfter = (blob: Buffer, at: number): number =>
  readInt64(blob, at) + blob.readInt32BE(at + layout.lastOffsetDelta) + 1;
