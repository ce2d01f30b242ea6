import type { RecordPosition } from "./topic.ts";

/** What an error carries beside its message. */
export interface MillraceErrorOptions extends ErrorOptions {
  /** Stable, for programs: e.g. "TOPOLOGY", "DESERIALIZATION". */
  readonly code: string;
  /** The record it happened on. */
  readonly position?: RecordPosition | undefined;
  /** Whether trying again later can succeed with nothing changed on this side. */
  readonly retriable?: boolean;
}

const at = (position: RecordPosition | undefined): string =>
  position === undefined ? "" : ` (at ${position.topic}-${position.partition} offset ${position.offset})`;

/** Every error that Millrace throws or hands to a handler. Its message says what happened, where, and what to do. */
export class MillraceError extends Error {
  override readonly name: string = "MillraceError";
  readonly code: string;
  readonly position: RecordPosition | undefined;
  readonly retriable: boolean;

  constructor(message: string, options: MillraceErrorOptions) {
    super(message + at(options.position), options);
    this.code = options.code;
    this.position = options.position;
    this.retriable = options.retriable ?? false;
  }
}

/** The topology can't work: thrown by operators and by `topology()`, never later. */
export class TopologyError extends MillraceError {
  override readonly name = "TopologyError";
  constructor(message: string) {
    super(message, { code: "TOPOLOGY" });
  }
}

/** The text of anything thrown, also of what has none. Never throws. */
export const messageOf = (thrown: unknown): string => {
  try {
    const text: unknown = thrown instanceof Error ? thrown.message : thrown;
    return String(text);
  } catch {
    return Object.prototype.toString.call(thrown);
  }
};
