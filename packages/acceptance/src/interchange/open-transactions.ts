import { partitionsOf } from "@millrace/devstack";
import type { Transport } from "@millrace/streams";

/** Whether any of these topics has records of a transaction that has not ended. */
export const openTransactions = async (transport: Transport, topics: readonly string[]): Promise<boolean> => {
  const partitions = await partitionsOf(transport, topics);
  const ends = async (readCommitted: boolean): Promise<number> =>
    (await transport.listOffsets(partitions, "latest", readCommitted)).reduce(
      (sum, { offset }) => sum + offset,
      0,
    );
  // In this order: what ends in between counts as ended.
  const all = await ends(false);
  return (await ends(true)) < all;
};
