import { hours, MillraceError } from "@millrace/streams";
import type { DemandHourly } from "@millrace/venue";
import { requireFinite } from "./require-finite.ts";

/** Why a metric is not to be priced by. */
export type InvalidMetricCode =
  | "EMPTY_SUB_LOCATION"
  | "KEY_MISMATCH"
  | "NEGATIVE"
  | "NOT_AN_HOUR"
  | "NO_DATE";

/** The last instant that JavaScript has a date for, ms since the epoch; MongoDB has later ones. */
const lastDate = 8_640_000_000_000_000;

/** Demand that is well-formed Avro and still not to price by. */
export class InvalidMetricError extends MillraceError {
  override readonly name = "InvalidMetricError";
  constructor(code: InvalidMetricCode, message: string) {
    super(message, { code });
  }
}

/**
 * Throws an InvalidMetricError, or a MillraceError NOT_FINITE, for a metric that must be dead-lettered, whatever the
 * configs.
 */
export const validateMetric = (key: string, metric: DemandHourly): void => {
  const { subLocationId, hour, bookingsCount, availableCapacity, demandPressure, historySamples } = metric;
  const { historicalAvgPressure, timestamp } = metric;
  if (subLocationId === "") throw new InvalidMetricError("EMPTY_SUB_LOCATION", "subLocationId is empty");
  if (key !== subLocationId)
    throw new InvalidMetricError(
      "KEY_MISMATCH",
      `the key is "${key}", and the subLocationId "${subLocationId}"`,
    );
  const counts = { bookingsCount, availableCapacity, demandPressure, historySamples };
  requireFinite({
    hour,
    ...counts,
    timestamp,
    ...(historicalAvgPressure !== null && { historicalAvgPressure }),
  });
  for (const [name, value] of Object.entries({ ...counts, hour, timestamp }))
    if (value < 0) throw new InvalidMetricError("NEGATIVE", `${name} is ${value}`);
  // Its draft ends two hours after its start, and must have a date then, too.
  if (hour % hours(1) !== 0 || hour > lastDate - hours(2))
    throw new InvalidMetricError("NOT_AN_HOUR", `hour is ${hour}, which no UTC hour starts at`);
  if (timestamp > lastDate)
    throw new InvalidMetricError("NO_DATE", `timestamp is ${timestamp}, and dates end at ${lastDate}`);
};
