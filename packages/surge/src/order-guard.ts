import type { Document } from "mongodb";
import type { MetricOrder } from "./metric-order.ts";

/** As it is kept: MongoDB compares documents field by field, so the fields stand in the order in which they count. */
export const orderDocument = ({ hour, final, timestamp, offset }: MetricOrder): MetricOrder => ({
  hour,
  final,
  timestamp,
  offset,
});

/** Matches documents whose order, in the field at `path`, is older than this one, or that have none. */
export const olderThan = (path: string, order: MetricOrder): Document => ({
  [path]: { $not: { $gte: orderDocument(order) } },
});
