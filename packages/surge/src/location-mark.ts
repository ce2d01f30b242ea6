import { type EffectWrite, type EventPosition, markId, marksOf, processedEvents } from "@millrace/mongo";
import type { Document } from "mongodb";
import type { MetricOrder } from "./metric-order.ts";
import { orderDocument } from "./order-guard.ts";

/** No partition has this number: what a location's hour became is not one record's doing. */
const partition = -1;

/** In the place of a topic id. */
export const locationMarkName = (locationId: string, hour: number): string =>
  `location ${locationId} ${new Date(hour).toISOString()}`;

/** Remembers how far a location's hour was applied, in `processed_events`: one document for each. */
export const locationMark = (name: string, order: MetricOrder, appliedAt: Date): EffectWrite => {
  const position = positionOf(name);
  return {
    collection: processedEvents,
    operation: {
      updateOne: {
        filter: { _id: markId(position) as never },
        // Never back: whoever was taken for dead may still be writing.
        update: { $max: { order: orderDocument(order) }, $set: { appliedAt }, $setOnInsert: position },
        upsert: true,
      },
    },
  };
};

/** Finds the marks of these. */
export const locationMarks = (names: readonly string[]): Document =>
  marksOf(names.map((name) => positionOf(name)));

const positionOf = (name: string): EventPosition => ({ topicId: name, partition, offset: 0 });
