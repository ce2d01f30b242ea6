import type { Decoder, Encoder } from "./wire.ts";

/** One request of Kafka's protocol: how it is written, and what its answer means. */
export interface Request<Answer> {
  readonly name: string;
  readonly apiKey: number;
  readonly version: number;
  readonly encode: (encoder: Encoder) => Encoder;
  readonly decode: (decoder: Decoder) => Answer;
  /** How long to wait for the answer, ms, where it is longer than usual (a join, a long fetch). */
  readonly timeoutMs?: number;
}
