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
  /** Which records are at fault, by their place in the batch (KIP-467). */
  readonly recordErrors: readonly { readonly index: number; readonly message: string | null }[];
  readonly message: string | null;
}

/** Produce v8: acks of all in-sync replicas. One batch per partition. */
export const produce = (
  transactionalId: string | null,
  partitions: readonly ProducePartition[],
): Request<readonly ProducedPartition[]> => ({
  name: "Produce",
  ...(transactionalId !== null && { about: `transactional id "${transactionalId}"` }),
  apiKey: 0,
  version: 8,
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
          const baseOffset = decoder.int64();
          decoder.int64(); // log append time
          decoder.int64(); // log start offset
          const recordErrors = decoder.array(() => ({ index: decoder.int32(), message: decoder.string() }));
          return { topic, partition, errorCode, baseOffset, recordErrors, message: decoder.string() };
        });
      })
      .flat(),
});
