import { MillraceError, TransportError } from "@millrace/streams";

const kafkaErrors = new Set([
  "MESSAGE_TOO_LARGE",
  "RECORD_LIST_TOO_LARGE",
  "INVALID_RECORD",
  "INVALID_TIMESTAMP",
]);

/** Whether it is the record that is refused, and would be by any broker at any time, so that others need not wait. */
export const isFaultOfRecord = (error: unknown): boolean =>
  (error instanceof TransportError && kafkaErrors.has(error.kafkaError)) ||
  (error instanceof MillraceError && error.code === "DOES_NOT_FIT");
