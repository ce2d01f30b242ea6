import type { CommittedOffset } from "../../group-coordinator.ts";
import type { TopicPartition } from "../../topic-partition.ts";
import type { Request } from "../request.ts";
import { checkAll, type Outcome } from "../worst.ts";

/** OffsetFetch v7 with requireStable: UNSTABLE_OFFSET_COMMIT while a transaction holds one of them (KIP-447). */
export const offsetFetch = (
  groupId: string,
  partitions: readonly TopicPartition[],
): Request<readonly CommittedOffset[]> => ({
  name: "OffsetFetch",
  about: `group "${groupId}"`,
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
    const outcomes: Outcome[] = [];
    const offsets = decoder.compactArray(() => {
      const topic = decoder.compactString() ?? "";
      const ofTopic = decoder.compactArray(() => {
        const partition = decoder.int32();
        const offset = decoder.int64();
        const leaderEpoch = decoder.int32();
        const metadata = decoder.compactString() ?? "";
        outcomes.push({
          where: `committed offset of ${topic}-${partition} in group "${groupId}"`,
          errorCode: decoder.int16(),
        });
        decoder.tags();
        return { topic, partition, offset, leaderEpoch, metadata };
      });
      decoder.tags();
      return ofTopic;
    });
    outcomes.push({ where: `committed offsets of group "${groupId}"`, errorCode: decoder.int16() });
    checkAll(outcomes);
    return offsets.flat();
  },
});
