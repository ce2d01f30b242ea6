import { MillraceError, messageOf } from "../../errors.ts";
import type { RecordPosition } from "../../topic.ts";
import type { ErrorDecision } from "../error-handlers.ts";
import type { DropReason } from "../task-context.ts";
import { deadLetterHeaders, lateHeaders } from "./dead-letter.ts";
import type { TakenRecord } from "./taken-record.ts";
import type { TaskEnvironment } from "./task-environment.ts";

/**
 * Where the records of a task end that are not processed: each is counted, and late, dead-lettered, skipped, or the
 * last one before the task stops. `record` is the one being processed, or the one that an asynchronous result belongs to; undefined where there is none.
 */
export class RecordErrors {
  /** What stopped the task. It is never committed past this. */
  failure: MillraceError | undefined;
  readonly #environment: TaskEnvironment;

  constructor(environment: TaskEnvironment) {
    this.#environment = environment;
  }

  drop(reason: DropReason, position: RecordPosition | undefined, record: TakenRecord | undefined): void {
    const { metrics, log, clock, lateTopic, sink } = this.#environment;
    if (reason === "nullKey") metrics.nullKeys++;
    else if (reason === "negativeTimestamp") metrics.negativeTimestamps++;
    else {
      metrics.late++;
      if (lateTopic !== undefined && record !== undefined)
        sink.sendBytes(
          lateTopic,
          undefined,
          record.rawKey,
          record.rawValue,
          clock.now(),
          lateHeaders(record.headers, record.rawTimestamp),
        );
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
    this.#decide(failure, this.#environment.handlers.processing(failure), record);
  }

  unsendable(
    error: unknown,
    topic: string,
    position: RecordPosition | undefined,
    record: TakenRecord | undefined,
  ): void {
    const failure = failureOf(error, `a record for "${topic}" could not be sent`, "PRODUCTION", position);
    this.#decide(failure, this.#environment.handlers.production(failure), record);
  }

  /** Returns when the record is to be left out, and throws when the task stops at it. */
  undecodable(error: unknown, record: TakenRecord): void {
    const failure = failureOf(error, undefined, "DESERIALIZATION", record.headPosition);
    this.#decide(failure, this.#environment.handlers.deserialization(failure), record);
    if (this.failure === failure) throw failure;
  }

  deadLetter(error: Error, record: TakenRecord | undefined): void {
    if (record === undefined)
      throw new MillraceError(
        "only a record that is being processed can be dead-lettered, and there is none",
        { code: "NO_RECORD", cause: error },
      );
    const { deadLetterTopic, metrics, log, clock, sink } = this.#environment;
    const position = record.headPosition;
    if (deadLetterTopic === undefined) {
      this.failure ??= new MillraceError(
        `${error.message}; it should be dead-lettered, but no dead-letter topic is set`,
        { code: "NO_DEAD_LETTER_TOPIC", position, cause: error },
      );
      return;
    }
    const code = error instanceof MillraceError ? error.code : error.name;
    metrics.deadLettered.set(code, (metrics.deadLettered.get(code) ?? 0) + 1);
    log("warn", `dead-lettered a record: ${error.message}`, { code, ...position });
    sink.sendBytes(
      deadLetterTopic,
      undefined,
      record.rawKey,
      record.rawValue,
      clock.now(),
      deadLetterHeaders(record.headers, error, position, record.rawTimestamp),
    );
  }

  #decide(failure: MillraceError, decision: ErrorDecision, record: TakenRecord | undefined): void {
    if (decision === "skip") this.#environment.metrics.skipped++;
    else if (decision === "deadLetter" && record !== undefined) this.deadLetter(failure, record);
    else this.failure ??= failure;
  }
}

const failureOf = (
  error: unknown,
  what: string | undefined,
  code: string,
  position: RecordPosition | undefined,
): MillraceError =>
  new MillraceError(what === undefined ? messageOf(error) : `${what}: ${messageOf(error)}`, {
    code: error instanceof MillraceError ? error.code : code,
    position,
    cause: error,
  });
