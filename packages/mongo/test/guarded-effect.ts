import type { Effect } from "../src/effect.ts";

/** Sets a document to a version unless it has that or a newer one; its offset is the version. */
export const guardedEffect = (
  key: string,
  version: number,
  { mark = true, collection = "things", partition = 0 } = {},
): Effect => ({
  position: { topicId: "things-topic", partition, offset: version },
  key,
  mark,
  writes: [
    {
      collection,
      operation: {
        updateOne: {
          filter: { _id: key as never, version: { $lt: version } },
          update: { $set: { version } },
          upsert: true,
        },
      },
    },
  ],
});
