import { TransportError } from "../transport-error.ts";

/** A record batch that can't be read: damaged on its way, or in a format that Kafka stopped writing with 0.11. */
export class CorruptBatchError extends TransportError {
  /** `where`: partition and offset of the batch. */
  constructor(where: string, why: string, options?: ErrorOptions) {
    super(
      `the record batch at ${where} can't be read: ${why}; restore the partition from a replica or a backup, or go on ` +
        "behind it by setting the group's offset",
      "CORRUPT_MESSAGE",
      "fatal",
      options,
    );
  }
}
