import { MillraceError, messageOf } from "../../errors.ts";
import type { RecordPosition } from "../../topic.ts";
import type { Headers } from "../../record.ts";
import type { ErrorHandler, ProcessingDecision } from "../settings/error-handlers.ts";
import type { DropReason } from "../metrics/drop-reason.ts";
import { deadLetterHeaders, lateHeaders } from "./dead-letter.ts";
import type { TaskMetrics } from "../metrics/task-metrics.ts";
import type { Attempts } from "./attempts.ts";
import type { ReadAhead } from "./read-ahead.ts";
import type { RecordSink } from "./record-sink.ts";
import type { TakenRecord } from "./taken-record.ts";
import type { TaskEnvironment } from "./task-environment.ts";

/**
 * Where the records of a task end that are not processed: each is counted, and late, dead-lettered, skipped, or the
 * last one before the task stops. `record` is the one being processed, or the one that an asynchronous result belongs to; undefined where there is none.
 */
export class RecordErrors {
  /** What stopped the task. It is never committed past this. */
  failure: MillraceError | undefined;
  /** A record that is to be tried again: the task goes back to its last commit, and there is nothing to commit until then. */
  retry: MillraceError | undefined;
  readonly #environment: TaskEnvironment;
  readonly #sink: RecordSink;
  readonly #attempts: Attempts;
  readonly #ahead: ReadAhead;
  readonly #metrics: TaskMetrics;

  constructor(
    environment: TaskEnvironment,
    sink: RecordSink,
    attempts: Attempts,
    ahead: ReadAhead,
    metrics: TaskMetrics,
  ) {
    this.#environment = environment;
    this.#metrics = metrics;
    this.#sink = sink;
    this.#attempts = attempts;
    this.#ahead = ahead;
  }

  drop(reason: DropReason, position: RecordPosition | undefined, record: TakenRecord | undefined): void {
    const { log, lateTopic } = this.#environment;
    if (reason !== "late") this.#metrics.dropped[reason]++;
    else {
      this.#metrics.late++;
      if (lateTopic !== undefined && record !== undefined)
        this.#sendOn(lateTopic, record, lateHeaders(record.headers, record.rawTimestamp));
    }
    log("debug", `dropped a record: ${reason}`, { reason, ...position });
  }

  /** An operator broke in a way that no handler can mend. */
  stop(error: unknown, operator: string, position: RecordPosition | undefined): void {
    this.failure ??= failureOf(error, `"${operator}" failed`, "PROCESSING", position);
  }

  failed(
    error: unknown,
    operator: string,
    position: RecordPosition | undefined,
    record: TakenRecord | undefined,
  ): void {
    const failure = failureOf(error, `"${operator}" failed`, "PROCESSING", position);
    // What the function began goes on, whatever a handler would say.
    if (failure.code === "ASYNC_OPERATOR") this.failure ??= failure;
    else this.#decide(failure, this.#environment.handlers.processing, record);
  }

  unsendable(
    error: unknown,
    topic: string,
    position: RecordPosition | undefined,
    record: TakenRecord | undefined,
  ): void {
    const failure = failureOf(error, `a record for "${topic}" could not be sent`, "PRODUCTION", position);
    this.#decide(failure, this.#environment.handlers.production, record);
  }

  /** A store could not take or write a row. */
  refused(error: MillraceError, position: RecordPosition | undefined, record: TakenRecord | undefined): void {
    const { message, code, cause } = error;
    this.#decide(
      position === undefined ? error : new MillraceError(message, { code, position, cause }),
      this.#environment.handlers.production,
      record,
    );
  }

  /** Returns when the record is to be left out, and throws when the task stops at it. */
  undecodable(error: unknown, record: TakenRecord): void {
    const failure = failureOf(error, undefined, "DESERIALIZATION", record.headPosition);
    this.#decide(failure, this.#environment.handlers.deserialization, record);
    if (this.failure !== undefined) throw this.failure;
  }

  deadLetter(error: Error, record: TakenRecord | undefined): void {
    if (record === undefined)
      throw new MillraceError(
        "only a record that is being processed can be dead-lettered, and there is none",
        { code: "NO_RECORD", cause: error },
      );
    const { deadLetterTopic, log } = this.#environment;
    const { deadLettered } = this.#metrics;
    const position = record.headPosition;
    if (deadLetterTopic === undefined) {
      this.failure ??= new MillraceError(
        `${error.message}; it should be dead-lettered, but no dead-letter topic is set`,
        { code: "NO_DEAD_LETTER_TOPIC", position, cause: error },
      );
      return;
    }
    const code = error instanceof MillraceError ? error.code : error.name;
    // The first of its kind at once, with what is wrong; how many more there are is summed up once a minute.
    const first = !deadLettered.has(code) && !this.#environment.metrics.deadLettered.has(code);
    deadLettered.set(code, (deadLettered.get(code) ?? 0) + 1);
    log(first ? "warn" : "debug", `dead-lettered a record: ${error.message}`, { code, ...position });
    this.#sendOn(
      deadLetterTopic,
      record,
      deadLetterHeaders(record.headers, error, position, record.rawTimestamp),
    );
  }

  /** Sends the record's own bytes. Where they don't go through, the task stops: nothing gets lost. */
  #sendOn(topic: string, { rawKey, rawValue, headPosition }: TakenRecord, headers: Headers): void {
    const now = this.#environment.clock.now();
    this.#ahead.inTurn(() => {
      try {
        this.#sink.sendBytes(topic, undefined, rawKey, rawValue, now, headers);
      } catch (error) {
        this.failure ??= new MillraceError(
          `a record could not be sent on to "${topic}": ${messageOf(error)}; that topic has to take more bytes than the ` +
            "source topic does: raise its max.message.bytes",
          { code: "UNSENDABLE", position: headPosition, cause: error },
        );
      }
    });
  }

  #decide(
    failure: MillraceError,
    handler: ErrorHandler<ProcessingDecision>,
    record: TakenRecord | undefined,
  ): void {
    let decision: ProcessingDecision;
    try {
      decision = handler(failure, this.#attempts.of(failure.position));
    } catch (error) {
      this.failure ??= failureOf(
        error,
        `the handler of "${failure.message}" failed`,
        "HANDLER",
        failure.position,
      );
      return;
    }
    if (decision === "skip") this.#metrics.dropped.handler++;
    else if (decision === "retry") this.retry ??= failure;
    else if (decision === "deadLetter" && record !== undefined) this.deadLetter(failure, record);
    else this.failure ??= failure;
  }
}

/** What is said of a change to what is frozen does not say who froze it. */
const hint = (error: unknown): string =>
  error instanceof TypeError && /read only property|not extensible|Cannot delete property/.test(error.message)
    ? "; a value that a store keeps must not be changed in place: make a new one"
    : "";

const failureOf = (
  error: unknown,
  what: string | undefined,
  code: string,
  position: RecordPosition | undefined,
): MillraceError =>
  new MillraceError(what === undefined ? messageOf(error) : `${what}: ${messageOf(error)}${hint(error)}`, {
    code: error instanceof MillraceError ? error.code : code,
    position,
    cause: error,
  });
