import { days } from "@millrace/streams";
import type { AnyBulkWriteOperation, Document } from "mongodb";
import type { EventPosition } from "./effect.ts";
import type { IndexSpec } from "./ensure-indexes.ts";

/**
 * The collection that remembers which records were applied: `{_id, topicId, partition, offset, appliedAt}`. The `_id`
 * says the same as the coordinates, so that a batch of marks is looked up by one index whatever else is in there.
 */
export const processedEvents = "processed_events";

/** The `_id` of a record's mark. */
export const markId = ({ topicId, partition, offset }: EventPosition): string =>
  `${topicId}/${partition}/${offset}`;

/** Its indexes. `keptDays`: after so many days MongoDB forgets a record. */
export const processedEventsIndexes = (keptDays = 7): readonly IndexSpec[] => [
  { keys: { topicId: 1, partition: 1, offset: 1 }, unique: true },
  { keys: { appliedAt: 1 }, expireAfterSeconds: Math.round(days(keptDays) / 1_000) },
];

/** Marks a record; a duplicate key if it is marked. */
export const insertMark = (position: EventPosition, appliedAt: Date): AnyBulkWriteOperation => ({
  // The driver takes every `_id` for an ObjectId unless told.
  insertOne: { document: mark(position, appliedAt) as never },
});

const mark = (position: EventPosition, appliedAt: Date) => {
  const { topicId, partition, offset } = position;
  return { _id: markId(position), topicId, partition, offset, appliedAt };
};

/** Finds the marks of all these at once. */
export const marksOf = (positions: readonly EventPosition[]): Document => ({
  _id: { $in: positions.map(markId) },
});
