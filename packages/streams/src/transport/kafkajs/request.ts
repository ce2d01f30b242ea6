import type { Decoder } from "./decoder.ts";
import type { Encoder } from "./encoder.ts";

/** One request of Kafka's protocol: how it is written, and what its answer means. */
export interface Request<Answer> {
  readonly name: string;
  readonly apiKey: number;
  readonly version: number;
  readonly encode: (encoder: Encoder) => void;
  /** Throws the TransportError of the answer's error code, where one request has but one. */
  readonly decode: (decoder: Decoder) => Answer;
  /** How long to wait for the answer, ms; 30 s where it is not said. */
  readonly timeoutMs?: number;
}
