import type { ErrorRank } from "./error-rank.ts";
import type { RefusedRecord } from "./refused-record.ts";

export interface TransportErrorOptions extends ErrorOptions {
  /** With rank `record`: the records that were refused, as far as the broker names them. */
  readonly refused?: readonly RefusedRecord[];
}

const nobody: readonly RefusedRecord[] = [];

/** A broker or the network refused. `kafkaError` is Kafka's name of it, e.g. "ILLEGAL_GENERATION". */
export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly code = "TRANSPORT";
  /** Kafka's error name, or "NETWORK" when no broker answered. */
  readonly kafkaError: string;
  /** What it asks for. */
  readonly rank: ErrorRank;
  /** With rank `record`: the records that were refused; empty where nobody said which. */
  readonly refused: readonly RefusedRecord[];

  constructor(message: string, kafkaError: string, rank: ErrorRank, options: TransportErrorOptions = {}) {
    super(message, options);
    this.kafkaError = kafkaError;
    this.rank = rank;
    this.refused = options.refused ?? nobody;
  }

  /** Whether asking again later can succeed with nothing changed on this side. */
  get retriable(): boolean {
    return this.rank === "retry";
  }
}
