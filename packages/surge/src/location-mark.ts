import { type EventPosition, markId, marksOf } from "@millrace/mongo";
import type { AnyBulkWriteOperation, Document } from "mongodb";
import type { MetricOrder } from "./metric-order.ts";
import { orderDocument } from "./order-guard.ts";

/** No partition has this number: what a location's hour became is not one record's doing. */
const partition = -1;

/** In the place of a topic id. */
export const locationMarkName = (locationId: string, hour: number): string =>
  `location ${locationId} ${new Date(hour).toISOString()}`;

/** Remembers how far a location's hour was applied, in `processed_events`: one document for each. */
export const locationMark = (name: string, order: MetricOrder, appliedAt: Date): AnyBulkWriteOperation => {
  const position = locationPosition(name);
  return {
    updateOne: {
      filter: { _id: markId(position) as never },
      // Never back: whoever was taken for dead may still be writing.
      update: { $max: { order: orderDocument(order) }, $set: { appliedAt }, $setOnInsert: position },
      upsert: true,
    },
  };
};

/** Finds the marks of these. */
export const locationMarks = (names: readonly string[]): Document => marksOf(names.map(locationPosition));

/** Where the mark of a location's hour is. */
export const locationPosition = (name: string): EventPosition => ({ topicId: name, partition, offset: 0 });
