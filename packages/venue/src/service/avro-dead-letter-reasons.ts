import type { AvroErrorCode } from "@millrace/avro";

/** Why a record of a topic in Avro can be dead-lettered: what its bytes can be. */
export const avroDeadLetterReasons: readonly AvroErrorCode[] = [
  "NULL_PAYLOAD",
  "WRONG_MAGIC",
  "UNKNOWN_SCHEMA_ID",
  "TRUNCATED",
  "TRAILING_BYTES",
  "MALFORMED",
  "INCOMPATIBLE_SCHEMA",
];
