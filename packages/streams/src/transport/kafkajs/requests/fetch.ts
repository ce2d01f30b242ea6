import type { AbortedTransaction } from "../../codec/read-batches.ts";
import type { Request } from "../request.ts";

export interface FetchPartition {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly maxBytes: number;
}

export interface FetchedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  readonly records: Buffer;
}

export interface FetchLimits {
  readonly readCommitted: boolean;
  readonly maxWaitMs: number;
  readonly maxBytes: number;
}

const nothing = Buffer.alloc(0);

/** Fetch v11, without a fetch session. */
export const fetch = (
  partitions: readonly FetchPartition[],
  { readCommitted, maxWaitMs, maxBytes }: FetchLimits,
): Request<readonly FetchedPartition[]> => ({
  name: "Fetch",
  apiKey: 1,
  version: 11,
  holdMs: maxWaitMs,
  encode: (encoder) => {
    const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
    encoder.writeInt32(-1).writeInt32(maxWaitMs).writeInt32(1).writeInt32(maxBytes);
    encoder
      .writeInt8(readCommitted ? 1 : 0)
      .writeInt32(0)
      .writeInt32(-1)
      .writeInt32(byTopic.size);
    for (const [topic, members] of byTopic) {
      encoder.writeString(topic).writeInt32(members.length);
      for (const { partition, offset, maxBytes: limit } of members)
        encoder.writeInt32(partition).writeInt32(-1).writeInt64(offset).writeInt64(-1).writeInt32(limit);
    }
    encoder.writeInt32(0).writeString("");
  },
  decode: (decoder) => {
    decoder.int32(); // throttle time
    const error = decoder.int16();
    decoder.int32(); // session
    return decoder
      .array(() => {
        const topic = decoder.string() ?? "";
        return decoder.array(() => {
          const partition = decoder.int32();
          const errorCode = decoder.int16();
          const highWatermark = decoder.int64();
          const lastStableOffset = decoder.int64();
          decoder.int64(); // log start offset
          const aborted = decoder.array(() => ({
            producerId: decoder.bigInt64(),
            firstOffset: decoder.int64(),
          }));
          decoder.int32(); // preferred read replica
          const records = decoder.bytes() ?? nothing;
          return {
            topic,
            partition,
            errorCode: error === 0 ? errorCode : error,
            highWatermark,
            lastStableOffset,
            aborted,
            records,
          };
        });
      })
      .flat();
  },
});
