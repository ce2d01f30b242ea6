import type { MetricOrder } from "./metric-order.ts";

/** The order in a document; undefined where there is none, or none that could be compared. */
export const readOrder = (value: unknown): MetricOrder | undefined => {
  if (typeof value !== "object" || value === null) return undefined;
  const { hour, final, timestamp, offset } = value as Readonly<Record<string, unknown>>;
  const order = {
    hour: Number(hour),
    final: Number(final),
    timestamp: Number(timestamp),
    offset: Number(offset),
  };
  return Object.values(order).every(Number.isFinite) ? order : undefined;
};
