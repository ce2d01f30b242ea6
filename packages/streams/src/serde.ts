/**
 * How keys or values become bytes and back (Kafka Streams' `Serde`). Both directions are synchronous; what must be
 * fetched first (a writer schema) is announced by `prepare`.
 *
 * Null is part of the contract: a serde decides whether it takes it. The built-in ones refuse null (a record that
 * has it is a deserialization error, so it is dead-lettered); wrap them in `nullable(...)` where null is allowed.
 */
export interface Serde<T> extends Serializer<T> {
  /**
   * Reads `source[start, end)`; `start` is -1 for null. Must not keep `source` unless it means to keep the whole
   * fetched batch in memory. Throws on bytes it can't read.
   */
  readonly deserialize: (source: Buffer, start: number, end: number) => T;
  /**
   * Asked for every payload before it is read: undefined when it can be read now, else a promise after which it
   * can (or after which `deserialize` throws, because it never will). The partition waits for it; others go on.
   */
  readonly prepare?: (source: Buffer, start: number, end: number) => Promise<void> | undefined;
  /**
   * True when equal values are `===` and `Map` keys (string, number, bigint, boolean): stores then use the value
   * itself as the key of their maps instead of its bytes.
   */
  readonly primitive?: boolean;
}

/** The writing half of a serde: all that a sink needs (Kafka Streams' `Serializer`). */
export interface Serializer<in T> {
  /** For error messages and `describe`. */
  readonly name: string;
  /** The bytes, null for a tombstone. Throws on values that it can't write. The result may not be reused later. */
  readonly serialize: Serialize<T>;
  /**
   * Throws what `serialize` would throw on that value, at little cost: stores ask at once, and serialize later. Leave it
   * out where only serializing can tell.
   */
  readonly check?: (value: T) => void;
  /** Asked once at start, before anything is read or written, e.g. to register a schema. */
  readonly start?: (role: SerdeRole) => Promise<void>;
  /** The part of the serialized key that decides the partition, where it is not all of it (windowed keys). */
  readonly partitionBytes?: (serialized: Uint8Array) => Uint8Array;
}

/** How a value becomes bytes: see `Serializer`. */
export interface Serialize<in T> {
  (value: T): Uint8Array | null;
  /**
   * The same bytes, written into `target` from `at` on, where that saves a buffer of their own: answers where they end, or -1
   * for a tombstone. An end beyond `target.length` says that they did not fit: what was written is then worth nothing. It is a
   * property of the function, and not of the serde, so that a serde made from another one with a `serialize` of its own
   * does not write as that one does.
   */
  readonly into?: ((value: T, target: Buffer, at: number) => number) | undefined;
}

/** A serde of which only the runtime knows what it is for. */
export type ErasedSerde = Serde<unknown>;

/** Forgets the type, where the topology has checked it already. */
export const erased = <T>(serde: Serde<T> | undefined): ErasedSerde | undefined =>
  serde as ErasedSerde | undefined;

/** Where a serde is used. */
export interface SerdeRole {
  readonly topic: string;
  readonly part: "key" | "value";
  readonly use: "source" | "sink" | "changelog" | "repartition";
}
