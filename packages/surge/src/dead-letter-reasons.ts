import { avroDeadLetterReasons } from "@millrace/venue/service";
import type { InvalidMetricCode } from "./validate-metric.ts";

/** All of them, so that the compiler asks for a new one. */
const metricCodes: Readonly<Record<InvalidMetricCode, true>> = {
  EMPTY_SUB_LOCATION: true,
  KEY_MISMATCH: true,
  NEGATIVE: true,
  NOT_AN_HOUR: true,
  NO_DATE: true,
};

/** Why a metric can be dead-lettered. */
export const deadLetterReasons: readonly string[] = [
  ...Object.keys(metricCodes),
  "NOT_FINITE",
  "MONGO_WRITE",
  ...avroDeadLetterReasons,
];
