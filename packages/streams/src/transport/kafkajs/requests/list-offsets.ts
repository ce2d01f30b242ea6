import type { TopicPartition } from "../../topic-partition.ts";
import type { Request } from "../request.ts";

export interface ListedOffset extends TopicPartition {
  readonly errorCode: number;
  readonly offset: number;
}

/** ListOffsets v2; `timestamp` -2 is the first offset, -1 the end; otherwise ms since the epoch. */
export const listOffsets = (
  partitions: readonly TopicPartition[],
  timestamp: number,
  readCommitted: boolean,
): Request<readonly ListedOffset[]> => ({
  name: "ListOffsets",
  apiKey: 2,
  version: 2,
  encode: (encoder) => {
    const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
    encoder
      .writeInt32(-1)
      .writeInt8(readCommitted ? 1 : 0)
      .writeInt32(byTopic.size);
    for (const [topic, members] of byTopic) {
      encoder.writeString(topic).writeInt32(members.length);
      for (const { partition } of members) encoder.writeInt32(partition).writeInt64(timestamp);
    }
  },
  decode: (decoder) => {
    decoder.int32();
    return decoder
      .array(() => {
        const topic = decoder.string() ?? "";
        return decoder.array(() => {
          const partition = decoder.int32();
          const errorCode = decoder.int16();
          decoder.int64(); // timestamp
          return { topic, partition, errorCode, offset: decoder.int64() };
        });
      })
      .flat();
  },
});
