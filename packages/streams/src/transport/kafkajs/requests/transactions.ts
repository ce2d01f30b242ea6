import type { GroupMembership, OffsetToCommit } from "../../group-coordinator.ts";
import type { TopicPartition } from "../../topic-partition.ts";
import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";

/** Who writes: fenced by the broker when a later epoch exists. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

/** InitProducerId v1: a new epoch; an open transaction of the earlier one is aborted. */
export const initProducerId = (
  transactionalId: string | null,
  timeoutMs: number,
): Request<ProducerIdentity> => ({
  name: "InitProducerId",
  apiKey: 22,
  version: 1,
  encode: (encoder) => encoder.writeString(transactionalId).writeInt32(timeoutMs),
  decode: (decoder) => {
    decoder.int32();
    checkCode(decoder.int16(), "InitProducerId");
    return { producerId: decoder.bigInt64(), producerEpoch: decoder.int16() };
  },
});

/** AddPartitionsToTxn v1. */
export const addPartitionsToTxn = (
  transactionalId: string,
  { producerId, producerEpoch }: ProducerIdentity,
  partitions: readonly TopicPartition[],
): Request<void> => ({
  name: "AddPartitionsToTxn",
  apiKey: 24,
  version: 1,
  encode: (encoder) => {
    const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
    encoder
      .writeString(transactionalId)
      .writeInt64(producerId)
      .writeInt16(producerEpoch)
      .writeInt32(byTopic.size);
    for (const [topic, members] of byTopic) {
      encoder.writeString(topic).writeInt32(members.length);
      for (const { partition } of members) encoder.writeInt32(partition);
    }
    return encoder;
  },
  decode: (decoder) => {
    decoder.int32();
    decoder.array(() => {
      const topic = decoder.string();
      return decoder.array(() => {
        const partition = decoder.int32();
        checkCode(decoder.int16(), `AddPartitionsToTxn of ${topic}-${partition}`);
      });
    });
  },
});

/** AddOffsetsToTxn v1. */
export const addOffsetsToTxn = (
  transactionalId: string,
  { producerId, producerEpoch }: ProducerIdentity,
  groupId: string,
): Request<void> => ({
  name: "AddOffsetsToTxn",
  apiKey: 25,
  version: 1,
  encode: (encoder) =>
    encoder
      .writeString(transactionalId)
      .writeInt64(producerId)
      .writeInt16(producerEpoch)
      .writeString(groupId),
  decode: (decoder) => {
    decoder.int32();
    checkCode(decoder.int16(), `AddOffsetsToTxn of group "${groupId}"`);
  },
});

/** EndTxn v1. */
export const endTxn = (
  transactionalId: string,
  { producerId, producerEpoch }: ProducerIdentity,
  commit: boolean,
): Request<void> => ({
  name: "EndTxn",
  apiKey: 26,
  version: 1,
  encode: (encoder) =>
    encoder
      .writeString(transactionalId)
      .writeInt64(producerId)
      .writeInt16(producerEpoch)
      .writeBoolean(commit),
  decode: (decoder) => {
    decoder.int32();
    checkCode(decoder.int16(), `EndTxn of "${transactionalId}"`);
  },
});

/** TxnOffsetCommit v3: with the group's generation and member, so that a zombie is refused (KIP-447). */
export const txnOffsetCommit = (
  transactionalId: string,
  { producerId, producerEpoch }: ProducerIdentity,
  { groupId, generationId, memberId, groupInstanceId }: GroupMembership,
  offsets: readonly OffsetToCommit[],
): Request<void> => ({
  name: "TxnOffsetCommit",
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
      for (const { partition, offset, metadata } of members)
        encoder
          .writeInt32(partition)
          .writeInt64(offset)
          .writeInt32(-1)
          .writeUVarIntString(metadata)
          .writeInt8(0);
      encoder.writeInt8(0);
    }
    return encoder.writeInt8(0);
  },
  decode: (decoder) => {
    decoder.tags();
    decoder.int32();
    decoder.compactArray(() => {
      const topic = decoder.compactString();
      decoder.compactArray(() => {
        const partition = decoder.int32();
        checkCode(decoder.int16(), `TxnOffsetCommit of ${topic}-${partition} in group "${groupId}"`);
        decoder.tags();
      });
      decoder.tags();
    });
  },
});
