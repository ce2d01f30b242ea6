import type { MillraceError } from "../../errors.ts";

/**
 * What becomes of a record that can't be processed: `fail` stops the application before anything after it is
 * committed, `skip` leaves it out and counts it, `deadLetter` sends its bytes to the dead-letter topic and counts it.
 */
export type ErrorDecision = "fail" | "skip" | "deadLetter";

/** Decides per error; the error carries the record's coordinates, a code and the cause. One that throws stops the application. */
export type ErrorHandler = (error: MillraceError) => ErrorDecision;

/** Kafka Streams' three kinds of handlers (KIP-161, KIP-1033, KIP-210, KIP-1034). */
export interface ErrorHandlers {
  /** The bytes of a record could not be read, or its timestamp extractor threw. */
  readonly deserialization: ErrorHandler;
  /** An operator threw. */
  readonly processing: ErrorHandler;
  /** A result could not be serialized, or is larger than its topic takes. */
  readonly production: ErrorHandler;
}

/** With a dead-letter topic bad input never stops the job; without one there is nowhere to put it. */
export const defaultErrorHandlers = (hasDeadLetterTopic: boolean): ErrorHandlers => ({
  deserialization: () => (hasDeadLetterTopic ? "deadLetter" : "fail"),
  processing: () => "fail",
  production: () => "fail",
});
