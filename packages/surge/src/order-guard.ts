import type { Document } from "mongodb";
import type { MetricOrder } from "./metric-order.ts";

const fields = ["hour", "final", "timestamp", "offset"] as const;

/** Matches documents whose order, in the field at `path`, is older than this one, or that have none. */
export const olderThan = (path: string, order: MetricOrder): Document => ({
  $or: [
    { [path]: { $exists: false } },
    ...fields.map((field, index) => ({
      ...Object.fromEntries(fields.slice(0, index).map((equal) => [`${path}.${equal}`, order[equal]])),
      [`${path}.${field}`]: { $lt: order[field] },
    })),
  ],
});
