import type { Effect } from "../src/effect.ts";

/** Counts one up: not safe to repeat, so that only the mark in the same transaction makes it exactly once. */
export const countingEffect = (key: string, offset: number): Effect => ({
  position: { topicId: "counted-topic", partition: 0, offset },
  key,
  mark: true,
  writes: [
    {
      collection: "counts",
      operation: {
        updateOne: { filter: { _id: key as never }, update: { $inc: { count: 1 } }, upsert: true },
      },
    },
  ],
});
