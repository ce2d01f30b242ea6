import type { Request } from "../request.ts";

export interface ProducePartition {
  readonly topic: string;
  readonly partition: number;
  readonly batch: Buffer;
}

export interface ProducedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly errorCode: number;
  /** Offset of the batch's first record; -1 unknown. */
  readonly baseOffset: number;
}

/** Produce v7: acks of all in-sync replicas. One batch per partition. */
export const produce = (
  transactionalId: string | null,
  partitions: readonly ProducePartition[],
): Request<readonly ProducedPartition[]> => ({
  name: "Produce",
  apiKey: 0,
  version: 7,
  encode: (encoder) => {
    const byTopic = Map.groupBy(partitions, ({ topic }) => topic);
    encoder.writeString(transactionalId).writeInt16(-1).writeInt32(30_000).writeInt32(byTopic.size);
    for (const [topic, members] of byTopic) {
      encoder.writeString(topic).writeInt32(members.length);
      for (const { partition, batch } of members)
        encoder.writeInt32(partition).writeInt32(batch.length).writeBuffer(batch);
    }
  },
  decode: (decoder) =>
    decoder
      .array(() => {
        const topic = decoder.string() ?? "";
        return decoder.array(() => {
          const partition = decoder.int32();
          const errorCode = decoder.int16();
          const answer = { topic, partition, errorCode, baseOffset: decoder.int64() };
          decoder.int64(); // log append time
          decoder.int64(); // log start offset
          return answer;
        });
      })
      .flat(),
});
