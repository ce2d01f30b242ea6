import { TransportError } from "../../transport/transport-error.ts";

/** Kafka's names for: somebody else goes on with this work, or this transaction is no more. */
const superseded = new Set([
  "ILLEGAL_GENERATION",
  "UNKNOWN_MEMBER_ID",
  "REBALANCE_IN_PROGRESS",
  "INVALID_PRODUCER_EPOCH",
  "PRODUCER_FENCED",
  "INVALID_PRODUCER_ID_MAPPING",
  "INVALID_TXN_STATE",
  "TRANSACTION_ABORTABLE",
  "OUT_OF_ORDER_SEQUENCE_NUMBER",
  "UNKNOWN_PRODUCER_ID",
  "CONCURRENT_TRANSACTIONS",
  "OFFSET_OUT_OF_RANGE",
  "NETWORK",
]);

/** Whether starting over from the last commit mends it; otherwise the application has to stop. */
export const isVoid = (trouble: unknown): boolean =>
  trouble instanceof TransportError && (trouble.retriable || superseded.has(trouble.kafkaError));
