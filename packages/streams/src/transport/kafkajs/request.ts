import type { Decoder } from "./decoder.ts";
import type { Encoder } from "./encoder.ts";

/** One request of Kafka's protocol: how it is written, and what its answer means. */
export interface Request<Answer> {
  /** Kafka's name of it. */
  readonly name: string;
  /** Of or to what, for messages: `group "g"`. */
  readonly about?: string;
  readonly apiKey: number;
  readonly version: number;
  readonly encode: (encoder: Encoder) => void;
  /** Throws the TransportError of the answer's error code, where one request has but one. */
  readonly decode: (decoder: Decoder) => Answer;
  /** How long the broker may hold it by its nature, ms: that is no sign that it is out of reach. 0 where it is not said. */
  readonly holdMs?: number;
  /** How long to wait for the answer, ms; 30 s and `holdMs` where it is not said. */
  readonly timeoutMs?: number;
}

/** The request as messages name it. */
export const requestText = ({ name, about }: Request<unknown>): string =>
  about === undefined ? name : `${name} of ${about}`;
