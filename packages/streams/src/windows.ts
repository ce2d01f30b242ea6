import { checkLength, checkLengthOrEndless, checkWhole } from "./check-length.ts";
import { TopologyError } from "./errors.ts";

/**
 * Windows over event time, `[start, end)`: of equal size and aligned to the epoch (Kafka Streams' `TimeWindows`,
 * `UnlimitedWindows`), or those of a calendar. All lengths in ms.
 */
export interface TimeWindows {
  readonly type: "time";
  /** Length of a window; of the longest one where they differ. */
  readonly size: number;
  /** Distance between starts; equal to `size` when tumbling, infinite where each time is in one window. */
  readonly advance: number;
  /** How long after its end a window still takes records, in stream time. */
  readonly grace: number;
  /** Start of the first window that could hold a record of this time. Later ones follow every `advance`. */
  firstStart(timestamp: number): number;
  /** End of the window that starts there, exclusive. */
  endOf(start: number): number;
}

export interface GraceOption {
  /** ms of stream time. What arrives after end + grace is late: dropped and counted. */
  readonly grace: number;
}

/** A window closes the moment stream time reaches its end: every record out of order across it is dropped. */
export const noGrace: GraceOption = { grace: 0 };

export const checkGrace = (grace: number): void => checkLengthOrEndless("the grace", grace);

const positive = (what: string, value: number): void => {
  if (!(value > 0)) throw new TopologyError(`${what} must be more than 0 ms, not ${value}`);
  checkWhole(what, value);
};

/** Windows that follow each other without overlap (`TimeWindows.ofSizeAndGrace`). */
export const tumbling = (size: number, { grace }: GraceOption): TimeWindows => hopping(size, size, { grace });

/** Windows of `size` that start every `advance` ms (`TimeWindows.ofSizeAndGrace(..).advanceBy(..)`). */
export const hopping = (size: number, advance: number, { grace }: GraceOption): TimeWindows => {
  positive("the window size", size);
  positive("the advance", advance);
  if (advance > size)
    throw new TopologyError(`an advance of ${advance} ms leaves gaps between windows of ${size} ms`);
  checkGrace(grace);
  return {
    type: "time",
    size,
    advance,
    grace,
    endOf: (start) => start + size,
    firstStart:
      size === advance
        ? (timestamp) => timestamp - (timestamp % size)
        : (timestamp) => {
            const earliest = Math.max(0, timestamp - size + advance);
            return earliest - (earliest % advance);
          },
  };
};

/** One window from `startOn` (ms since the epoch) for ever (`UnlimitedWindows`); earlier records are in none. */
export const unlimited = (startOn = 0): TimeWindows => {
  if (!(startOn >= 0))
    throw new TopologyError(`the start of an unlimited window must be 0 or more, not ${startOn}`);
  checkWhole("the start of an unlimited window", startOn);
  return {
    type: "time",
    size: Number.POSITIVE_INFINITY,
    advance: Number.POSITIVE_INFINITY,
    grace: 0,
    firstStart: () => startOn,
    endOf: () => Number.POSITIVE_INFINITY,
  };
};

/**
 * One window of each key's activity: it grows with every record that is at most `gap` ms away from it, and windows that
 * a record connects become one (Kafka Streams' `SessionWindows`). A session is `[first, last]`: both ends are times of
 * records.
 */
export interface SessionWindows {
  readonly type: "session";
  /** Greatest distance, ms, between neighbours of one session. */
  readonly gap: number;
  /** How long after its last record + gap a session still takes records, in stream time, ms. */
  readonly grace: number;
}

/** Sessions that end with `gap` ms of inactivity (`SessionWindows.ofInactivityGapAndGrace`). */
export const sessions = (gap: number, { grace }: GraceOption): SessionWindows => {
  positive("the gap", gap);
  checkGrace(grace);
  return { type: "session", gap, grace };
};

/**
 * A window for every set of records of a key that lie within `difference` ms: `[start, start + difference]`, both ends
 * inclusive (Kafka Streams' `SlidingWindows`, KIP-450). Null values are dropped.
 */
export interface SlidingWindows {
  readonly type: "sliding";
  readonly difference: number;
  /** How long after its end a window still takes records, in stream time, ms. */
  readonly grace: number;
  /** End of the window that starts there, inclusive. */
  endOf(start: number): number;
}

/** Windows of records at most `difference` ms apart (`SlidingWindows.ofTimeDifferenceAndGrace`). */
export const sliding = (difference: number, { grace }: GraceOption): SlidingWindows => {
  checkLength("the time difference", difference);
  checkGrace(grace);
  return { type: "sliding", difference, grace, endOf: (start) => start + difference };
};
