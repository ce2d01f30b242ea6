import type { TopicPartition } from "../../topic-partition.ts";
import type { Request } from "../request.ts";

export interface DeleteBefore {
  readonly partition: TopicPartition;
  /** First offset to stay. */
  readonly offset: number;
}

/** DeleteRecords v1: to the leader of the partitions. */
export const deleteRecords = (
  before: readonly DeleteBefore[],
): Request<readonly (TopicPartition & { readonly errorCode: number })[]> => ({
  name: "DeleteRecords",
  apiKey: 21,
  version: 1,
  encode: (encoder) => {
    const byTopic = Map.groupBy(before, ({ partition }) => partition.topic);
    encoder.writeInt32(byTopic.size);
    for (const [topic, members] of byTopic) {
      encoder.writeString(topic).writeInt32(members.length);
      for (const { partition, offset } of members) encoder.writeInt32(partition.partition).writeInt64(offset);
    }
    encoder.writeInt32(20_000); // time-out
  },
  decode: (decoder) => {
    decoder.int32(); // throttle time
    return decoder
      .array(() => {
        const topic = decoder.string() ?? "";
        return decoder.array(() => {
          const partition = decoder.int32();
          decoder.int64(); // low watermark
          return { topic, partition, errorCode: decoder.int16() };
        });
      })
      .flat();
  },
});
