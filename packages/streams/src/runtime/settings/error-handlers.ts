import type { MillraceError } from "../../errors.ts";

/**
 * What becomes of a record that can't be processed: `fail` stops the task before anything after it is committed, `skip`
 * leaves it out and counts it, `deadLetter` sends its bytes to the dead-letter topic and counts it.
 */
export type ErrorDecision = "fail" | "skip" | "deadLetter";

/**
 * As `ErrorDecision`, or `retry`: everything since the last commit is undone, and the task goes on from there after a
 * while that grows with each attempt, so order is kept and nothing is done twice. Not in Kafka Streams.
 */
export type ProcessingDecision = ErrorDecision | "retry";

/**
 * What becomes of an application one of whose tasks has failed (KIP-671): `replaceMember` gives the tasks up, rejoins the
 * group and begins again from the last commit; `stopClient` stops this process's application; `stopApplication`
 * stops all members of the group.
 */
export type UncaughtDecision = "replaceMember" | "stopClient" | "stopApplication";

/** Decides per error; the error carries the record's coordinates, a code and the cause. One that throws stops the application. */
export type ErrorHandler<Decision = ErrorDecision> = (
  error: MillraceError,
  /** How often this record was tried before, in this process. */
  attempts: number,
) => Decision;

/** Kafka Streams' handlers (KIP-161, KIP-1033, KIP-210, KIP-1034, KIP-671). */
export interface ErrorHandlers {
  /** The bytes of a record could not be read, or its timestamp extractor threw. */
  readonly deserialization: ErrorHandler;
  /**
   * An operator threw, a punctuation, or a promise of `mapAsync` was rejected. A punctuation has no record, which could be
   * dead-lettered: the task stops where that is answered.
   */
  readonly processing: ErrorHandler<ProcessingDecision>;
  /** A result could not be serialized, is larger than its topic takes, or was refused by a broker. */
  readonly production: ErrorHandler;
  /** What the others let through. */
  readonly uncaught: ErrorHandler<UncaughtDecision>;
}

/** With a dead-letter topic bad input never stops the job; without one there is nowhere to put it. */
export const defaultErrorHandlers = (hasDeadLetterTopic: boolean): ErrorHandlers => ({
  deserialization: () => (hasDeadLetterTopic ? "deadLetter" : "fail"),
  processing: () => "fail",
  production: () => "fail",
  uncaught: () => "stopClient",
});
