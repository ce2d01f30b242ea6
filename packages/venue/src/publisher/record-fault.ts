import { MillraceError, TransportError } from "@millrace/streams";

/** Whether it is the record that is refused, and would be by any broker at any time, so that others need not wait. */
export const isFaultOfRecord = (error: unknown): boolean =>
  (error instanceof TransportError && error.rank === "record") ||
  (error instanceof MillraceError && error.code === "DOES_NOT_FIT");
