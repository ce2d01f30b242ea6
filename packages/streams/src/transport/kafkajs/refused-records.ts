import { readBatches } from "../codec/read-batches.ts";
import type { RefusedRecord } from "../refused-record.ts";
import type { ProducePartition } from "./requests/produce.ts";

/** The records of a batch for which there is a reason, by their place in it. */
export const refusedRecords = (
  { topic, partition, batch }: ProducePartition,
  reasonOf: (index: number) => string | undefined,
): readonly RefusedRecord[] => {
  const refused: RefusedRecord[] = [];
  const { reader } = readBatches(batch, { fromOffset: 0, abortedTransactions: null });
  for (let index = 0; reader.advance(); index++) {
    const reason = reasonOf(index);
    if (reason === undefined) continue;
    const { buffer, keyStart, keyEnd, timestamp } = reader;
    const key = keyStart < 0 ? null : Buffer.from(buffer.subarray(keyStart, keyEnd));
    refused.push({ topic, partition, key, timestamp, reason });
  }
  return refused;
};
