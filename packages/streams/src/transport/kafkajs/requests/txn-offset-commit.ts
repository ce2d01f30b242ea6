import type { GroupMembership, OffsetToCommit } from "../../group-coordinator.ts";
import type { Request } from "../request.ts";
import { checkAll } from "../worst.ts";
import type { ProducerIdentity } from "../../producer-identity.ts";

/** TxnOffsetCommit v3: with the group's generation and member, so that a zombie is refused (KIP-447). */
export const txnOffsetCommit = (
  transactionalId: string,
  { producerId, producerEpoch }: ProducerIdentity,
  { groupId, generationId, memberId, groupInstanceId }: GroupMembership,
  offsets: readonly OffsetToCommit[],
): Request<void> => ({
  name: "TxnOffsetCommit",
  about: `group "${groupId}"`,
  apiKey: 28,
  version: 3,
  encode: (encoder) => {
    const byTopic = Map.groupBy(offsets, ({ topic }) => topic);
    encoder.writeInt8(0); // tags of the request's header: kafkajs writes a header without
    encoder.writeUVarIntString(transactionalId).writeUVarIntString(groupId);
    encoder.writeInt64(producerId).writeInt16(producerEpoch).writeInt32(generationId);
    encoder
      .writeUVarIntString(memberId)
      .writeUVarIntString(groupInstanceId)
      .writeUVarInt(byTopic.size + 1);
    for (const [topic, members] of byTopic) {
      encoder.writeUVarIntString(topic).writeUVarInt(members.length + 1);
      for (const { partition, offset, leaderEpoch, metadata } of members)
        encoder
          .writeInt32(partition)
          .writeInt64(offset)
          .writeInt32(leaderEpoch)
          .writeUVarIntString(metadata)
          .writeInt8(0);
      encoder.writeInt8(0);
    }
    encoder.writeInt8(0);
  },
  decode: (decoder) => {
    decoder.tags();
    decoder.int32();
    const outcomes = decoder.compactArray(() => {
      const topic = decoder.compactString();
      const ofTopic = decoder.compactArray(() => {
        const where = `TxnOffsetCommit of ${topic}-${decoder.int32()} in group "${groupId}"`;
        const outcome = { where, errorCode: decoder.int16() };
        decoder.tags();
        return outcome;
      });
      decoder.tags();
      return ofTopic;
    });
    checkAll(outcomes.flat());
  },
});
