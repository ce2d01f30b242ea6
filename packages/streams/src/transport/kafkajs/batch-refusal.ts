import { TransportError } from "../transport-error.ts";
import { kafkaError } from "./kafka-error.ts";
import { refusedRecords } from "./refused-records.ts";
import type { ProducedPartition, ProducePartition } from "./requests/produce.ts";

/**
 * The error of a batch that a broker did not take. Where it refuses records, they are named: those that the broker names,
 * or all of the batch where it does not say which.
 */
export const batchRefusal = (
  part: ProducePartition,
  { errorCode, recordErrors, message }: ProducedPartition,
): TransportError => {
  const error = kafkaError(errorCode, `producing to ${part.topic}-${part.partition}`, message);
  if (error.rank !== "record") return error;
  const { kafkaError: name } = error;
  const reasons = new Map(
    recordErrors.map(({ index, message: reason }) => [index, reason ?? message ?? name]),
  );
  const refused = refusedRecords(part, (index) =>
    reasons.size === 0 ? (message ?? name) : reasons.get(index),
  );
  return new TransportError(error.message, name, "record", { refused });
};
