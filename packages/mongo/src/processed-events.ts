import { days } from "@millrace/streams";
import type { AnyBulkWriteOperation, Document } from "mongodb";
import type { Effect, EventPosition } from "./effect.ts";
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

/** What marks an effect, if anything does. By its position: a duplicate key if it is marked. */
export const markOf = ({ mark, position }: Effect, appliedAt: Date): AnyBulkWriteOperation | undefined => {
  if (typeof mark === "object") return mark;
  if (!mark) return undefined;
  const { topicId, partition, offset } = position;
  // The driver takes every `_id` for an ObjectId unless told.
  const document = { _id: markId(position), topicId, partition, offset, appliedAt } as never;
  return { insertOne: { document } };
};

/** Finds the marks of all these at once. */
export const marksOf = (positions: readonly EventPosition[]): Document => ({
  _id: { $in: positions.map(markId) },
});
