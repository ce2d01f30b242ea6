/** A line that a member has written. */
export interface MemberLine {
  /** When, ms since the epoch. */
  readonly at: number;
  readonly level?: "info" | "warn" | "error";
  readonly message?: string;
  readonly state?: string;
  /** Why it ended by itself. */
  readonly failed?: string;
  /** Whether it had been a member before that. */
  readonly started?: boolean;
}

/** What has to be told in a log, and by whom. */
export interface ToBeTold {
  readonly what: string;
  /** From when on it can be known, ms since the epoch. */
  readonly since: number;
  readonly pattern: RegExp;
  /** Name of the member that has to say so; any of them, unless said. */
  readonly by?: string;
}

/** How long it may take to tell of an outage, ms. */
export const tellWithinMs = 5_000;

/** Whether it was said, as a warning or worse, and in time. */
export const isTold = ({ since, pattern }: ToBeTold, lines: readonly MemberLine[]): boolean =>
  lines.some(
    ({ at, level, message = "" }) =>
      at >= since &&
      at <= since + tellWithinMs &&
      (level === "warn" || level === "error") &&
      pattern.test(message),
  );
