import { type BatchLimits, KeyedBatches } from "./keyed-batches.ts";

/**
 * A lookup that asks for many at once: what is asked while a query is on the wire goes together into the next. Nothing
 * is kept, every answer is fresh. `load` answers by key, and leaves out what there is not.
 */
export const gatheredLookup = <E extends { readonly key: string }, V>(
  load: (asked: readonly E[]) => Promise<ReadonlyMap<string, V>>,
  { maxBatch = 256, maxConcurrentBatches = 4 }: Partial<BatchLimits> = {},
): ((asked: E) => Promise<V | undefined>) => {
  const batches = new KeyedBatches<E, V | undefined>(
    async (asked) => {
      const found = await load(asked);
      return asked.map(({ key }) => ({ status: "fulfilled", value: found.get(key) }));
    },
    { maxBatch, maxConcurrentBatches },
  );
  return (asked) => batches.add(asked);
};
