import { days } from "@millrace/streams";
import type { AnyBulkWriteOperation, Document } from "mongodb";
import type { EventPosition } from "./effect.ts";
import type { IndexSpec } from "./ensure-indexes.ts";

/** The collection that remembers which records were applied: `{topicId, partition, offset, appliedAt}`. */
export const processedEvents = "processed_events";

/** Its indexes. `keptDays`: after so many days MongoDB forgets a record. */
export const processedEventsIndexes = (keptDays = 7): readonly IndexSpec[] => [
  { keys: { topicId: 1, partition: 1, offset: 1 }, unique: true },
  { keys: { appliedAt: 1 }, expireAfterSeconds: Math.round(days(keptDays) / 1_000) },
];

/** Marks a record; changes nothing if it is marked. */
export const upsertMark = (
  { topicId, partition, offset }: EventPosition,
  appliedAt: Date,
): AnyBulkWriteOperation => ({
  updateOne: {
    filter: { topicId, partition, offset },
    update: { $setOnInsert: { appliedAt } },
    upsert: true,
  },
});

/** Marks a record; a duplicate key if it is marked. */
export const insertMark = (
  { topicId, partition, offset }: EventPosition,
  appliedAt: Date,
): AnyBulkWriteOperation => ({ insertOne: { document: { topicId, partition, offset, appliedAt } } });

/** Finds the marks of all these at once: one range of the index for each partition. */
export const marksOf = (positions: readonly EventPosition[]): Document => {
  const partitions = new Map<string, { topicId: string; partition: number; offset: { $in: number[] } }>();
  for (const { topicId, partition, offset } of positions) {
    const name = `${topicId} ${partition}`;
    const found = partitions.get(name);
    if (found === undefined) partitions.set(name, { topicId, partition, offset: { $in: [offset] } });
    else found.offset.$in.push(offset);
  }
  return { $or: [...partitions.values()] };
};
