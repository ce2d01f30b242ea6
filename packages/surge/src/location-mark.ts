import { type EffectWrite, processedEvents } from "@millrace/mongo";
import type { Document } from "mongodb";
import type { MetricOrder } from "./metric-order.ts";
import { olderThan } from "./order-guard.ts";

/** No partition has this number: what a location's hour became is not one record's doing. */
const partition = -1;

/** In the place of a topic id. */
export const locationMarkName = (locationId: string, hour: number): string =>
  `location ${locationId} ${new Date(hour).toISOString()}`;

/** Remembers how far a location's hour was applied, in `processed_events`: one document for each. */
export const locationMark = (name: string, order: MetricOrder, appliedAt: Date): EffectWrite => ({
  collection: processedEvents,
  operation: {
    updateOne: {
      filter: { topicId: name, partition, offset: 0, ...olderThan("order", order) },
      update: { $set: { order, appliedAt } },
      upsert: true,
    },
  },
});

/** Finds the marks of these. */
export const locationMarks = (names: readonly string[]): Document => ({
  topicId: { $in: names },
  partition,
  offset: 0,
});
