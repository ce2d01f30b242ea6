/**
 * How keys or values become bytes and back (Kafka Streams' `Serde`). Both directions are synchronous; what must be
 * fetched first (a writer schema) is announced by `prepare`.
 *
 * Null is part of the contract: a serde decides whether it takes it. The built-in ones refuse null (a record that
 * has it is a deserialization error, so it is dead-lettered); wrap them in `nullable(...)` where null is allowed.
 */
export interface Serde<T> {
  /** For error messages and `describe`. */
  readonly name: string;
  /** The bytes, null for a tombstone. Throws on values that it can't write. The result may not be reused later. */
  serialize(value: T): Uint8Array | null;
  /**
   * Reads `source[start, end)`; `start` is -1 for null. Must not keep `source` unless it means to keep the whole
   * fetched batch in memory. Throws on bytes it can't read.
   */
  deserialize(source: Buffer, start: number, end: number): T;
  /**
   * Asked for every payload before it is read: undefined when it can be read now, else a promise after which it
   * can (or after which `deserialize` throws, because it never will). The partition waits for it; others go on.
   */
  prepare?(source: Buffer, start: number, end: number): Promise<void> | undefined;
  /** Asked once at start, before anything is read or written, e.g. to register a schema. `topic` is the sink or source. */
  start?(role: SerdeRole): Promise<void>;
  /**
   * True when equal values are `===` and `Map` keys (string, number, bigint, boolean): stores then use the value
   * itself as the key of their maps instead of its bytes.
   */
  readonly primitive?: boolean;
}

/** Where a serde is used. */
export interface SerdeRole {
  readonly topic: string;
  readonly part: "key" | "value";
  readonly use: "source" | "sink" | "changelog" | "repartition";
}
