import { MillraceError, TransportError } from "@millrace/streams";

/** A broker that has lost track of a producer refuses that one for good, and takes the same events from a new one. */
const healedByNewProducer = new Set([
  "OUT_OF_ORDER_SEQUENCE_NUMBER",
  "UNKNOWN_PRODUCER_ID",
  "INVALID_PRODUCER_EPOCH",
  "VOID",
]);

/** Whether a new attempt with a new producer may succeed with nothing mended by anybody. */
export const canHeal = (error: unknown): boolean =>
  error instanceof TransportError
    ? error.retriable || healedByNewProducer.has(error.kafkaError)
    : error instanceof MillraceError && error.retriable;
