/** What one vector holds: what JVM Kafka Streams 4.4.0 made of some input. `../../../../shared` explains the fields. */
export interface Vector {
  readonly name: string;
  readonly topology: string;
  /** The code that was run. */
  readonly java?: string;
  /** `Topology.describe()`. */
  readonly describe?: string;
  readonly config: Readonly<Record<string, number | string>>;
  readonly topics: Readonly<Record<string, VectorTopic>>;
  readonly inputs: readonly VectorInput[];
  readonly outputs: readonly VectorRecord[];
  readonly outputsPerInput?: readonly number[];
  readonly store: Readonly<Record<string, readonly VectorRow[] | null>>;
  readonly droppedRecords: number;
  readonly trace?: readonly string[];
  readonly error?: { readonly atInput: number; readonly message: string };
  readonly bytes?: { readonly produced: readonly VectorBytes[] };
}

export interface VectorTopic {
  readonly role: "input" | "output";
  /** `string`, `time:SIZE` or `session`. */
  readonly key: string;
  readonly value: "string" | "long" | "int";
}

export type VectorInput = VectorRecord | { readonly advanceWallClock: number };

export interface VectorRecord {
  readonly topic: string;
  readonly key: VectorKey;
  readonly value: string | number | null;
  readonly timestamp: number;
}

export type VectorKey =
  | string
  | null
  | { readonly key: string; readonly start: number; readonly end: number };

export interface VectorRow {
  readonly key: string;
  readonly start?: number;
  readonly end?: number;
  readonly value: string | number;
  readonly timestamp?: number;
}

/** A record given to the producer. */
export interface VectorBytes {
  /** Index of the input that made it. */
  readonly input: number;
  readonly topic: string;
  /** Null where the key decides. */
  readonly partition: number | null;
  readonly keyHex: string | null;
  readonly valueHex: string | null;
  /** Null where the producer sets it. */
  readonly timestamp: number | null;
  /** Names, and values in hex. */
  readonly headers?: readonly (readonly [name: string, hex: string | null])[];
}

/** The part of a vector's name that names its topology. */
export const topologyNameOf = (vector: string): string => vector.split(".", 1)[0] ?? vector;
