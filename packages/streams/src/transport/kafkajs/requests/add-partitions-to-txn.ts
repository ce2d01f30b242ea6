import type { TopicPartition } from "../../topic-partition.ts";
import type { Request } from "../request.ts";
import { checkAll } from "../worst.ts";
import type { ProducerIdentity } from "../../producer-identity.ts";

/** AddPartitionsToTxn v1. */
export const addPartitionsToTxn = (
  transactionalId: string,
  { producerId, producerEpoch }: ProducerIdentity,
  partitions: readonly TopicPartition[],
): Request<void> => ({
  name: "AddPartitionsToTxn",
  about: `transactional id "${transactionalId}"`,
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
  },
  decode: (decoder) => {
    decoder.int32();
    checkAll(
      decoder
        .array(() => {
          const topic = decoder.string();
          return decoder.array(() => {
            const partition = decoder.int32();
            return {
              where: `AddPartitionsToTxn of ${topic}-${partition} by transactional id "${transactionalId}"`,
              errorCode: decoder.int16(),
            };
          });
        })
        .flat(),
    );
  },
});
