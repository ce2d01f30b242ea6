import type { GroupMembership, OffsetToCommit } from "../../group-coordinator.ts";
import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";

/** OffsetCommit v7. */
export const offsetCommit = (
  { groupId, generationId, memberId, groupInstanceId }: GroupMembership,
  offsets: readonly OffsetToCommit[],
): Request<void> => ({
  name: "OffsetCommit",
  apiKey: 8,
  version: 7,
  encode: (encoder) => {
    const byTopic = Map.groupBy(offsets, ({ topic }) => topic);
    encoder.writeString(groupId).writeInt32(generationId).writeString(memberId).writeString(groupInstanceId);
    encoder.writeInt32(byTopic.size);
    for (const [topic, members] of byTopic) {
      encoder.writeString(topic).writeInt32(members.length);
      for (const { partition, offset, leaderEpoch, metadata } of members)
        encoder.writeInt32(partition).writeInt64(offset).writeInt32(leaderEpoch).writeString(metadata);
    }
  },
  decode: (decoder) => {
    decoder.int32();
    decoder.array(() => {
      const topic = decoder.string();
      return decoder.array(() => {
        const partition = decoder.int32();
        checkCode(decoder.int16(), `OffsetCommit of ${topic}-${partition} in group "${groupId}"`);
      });
    });
  },
});
