import type { TopicPartition } from "../../topic-partition.ts";
import { checkCode } from "../kafka-error.ts";
import type { Request } from "../request.ts";
import type { ProducerIdentity } from "./init-producer-id.ts";

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
