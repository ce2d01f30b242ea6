import type { Headers } from "../../record.ts";
import type { RecordPosition } from "../../topic.ts";

/** A record that a task is about to process, or can't read. */
export interface TracedRecord extends RecordPosition {
  readonly headers: Headers;
  readonly applicationId: string;
  /** `<sub-topology>_<partition>` */
  readonly taskId: string;
}

/** One record while it is processed, as whoever follows it sees it. */
export interface RecordTrace {
  /** What it goes on with, and what is made of it: its headers, with the trace's context in them. */
  readonly headers: Headers;
  /** Runs a part of its processing. */
  run<T>(body: () => T): T;
  /** Runs a call of an operator to the outside, which may take long, and is over when its promise settles. */
  call<T>(operator: string, body: () => Promise<T> | T): Promise<T> | T;
  /** Something went wrong with it, and an error handler decides. */
  failed(error: unknown): void;
  /** The operators have taken it: what is asynchronous may still be under way. */
  end(): void;
}

/**
 * Follows records through tasks: `traceRecords` of `@millrace/opentelemetry`. It is asked about records with headers alone,
 * and must not throw. Not in Kafka Streams, where an agent weaves it in.
 */
export interface RecordTracer {
  /** A record is about to be processed; undefined: it is not followed. */
  begin(record: TracedRecord): RecordTrace | undefined;
  /** A record with these headers is given to a sink or a repartition topic: with which it goes. */
  sent(topic: string, headers: Headers): Headers;
}
