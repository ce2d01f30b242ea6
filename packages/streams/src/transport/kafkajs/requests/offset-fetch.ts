import type { CommittedOffset } from "../../group-coordinator.ts";
import type { TopicPartition } from "../../topic-partition.ts";
import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";

/** OffsetFetch v7 with requireStable: UNSTABLE_OFFSET_COMMIT while a transaction holds one of them (KIP-447). */
export const offsetFetch = (
  groupId: string,
  partitions: readonly TopicPartition[],
): Request<readonly CommittedOffset[]> => ({
  name: "OffsetFetch",
  apiKey: 9,
  version: 7,
  encode: (encoder) => {
    const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
    encoder
      .writeInt8(0)
      .writeUVarIntString(groupId)
      .writeUVarInt(byTopic.size + 1);
    for (const [topic, members] of byTopic) {
      encoder.writeUVarIntString(topic).writeUVarInt(members.length + 1);
      for (const { partition } of members) encoder.writeInt32(partition);
      encoder.writeInt8(0);
    }
    encoder.writeInt8(1).writeInt8(0);
  },
  decode: (decoder) => {
    decoder.tags();
    decoder.int32();
    const offsets = decoder.compactArray(() => {
      const topic = decoder.compactString() ?? "";
      const ofTopic = decoder.compactArray(() => {
        const partition = decoder.int32();
        const offset = decoder.int64();
        const leaderEpoch = decoder.int32();
        const metadata = decoder.compactString() ?? "";
        checkCode(decoder.int16(), `committed offset of ${topic}-${partition} in group "${groupId}"`);
        decoder.tags();
        return { topic, partition, offset, leaderEpoch, metadata };
      });
      decoder.tags();
      return ofTopic;
    });
    checkCode(decoder.int16(), `committed offsets of group "${groupId}"`);
    return offsets.flat();
  },
});
