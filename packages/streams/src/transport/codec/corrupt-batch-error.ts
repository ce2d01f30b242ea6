/** A record batch that can't be read: damaged on its way, or in a format that Kafka stopped writing with 0.11. */
export class CorruptBatchError extends Error {
  override readonly name = "CorruptBatchError";
  constructor(why: string, options?: ErrorOptions) {
    super(`a record batch can't be read: ${why}`, options);
  }
}
