import type { GroupMembership, OffsetToCommit } from "../../group-coordinator.ts";
import type { Request } from "../request.ts";
import { checkAll } from "../worst.ts";

/** OffsetCommit v7. */
export const offsetCommit = (
  { groupId, generationId, memberId, groupInstanceId }: GroupMembership,
  offsets: readonly OffsetToCommit[],
): Request<void> => ({
  name: "OffsetCommit",
  about: `group "${groupId}"`,
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
    const outcomes = decoder.array(() => {
      const topic = decoder.string();
      return decoder.array(() => {
        const where = `OffsetCommit of ${topic}-${decoder.int32()} in group "${groupId}"`;
        return { where, errorCode: decoder.int16() };
      });
    });
    checkAll(outcomes.flat());
  },
});
