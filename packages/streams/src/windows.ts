import { TopologyError } from "./errors.ts";

/**
 * Windows of equal size over event time, `[start, start + size)`, aligned to the epoch (Kafka Streams'
 * `TimeWindows`, `UnlimitedWindows`). All lengths in ms.
 */
export interface TimeWindows {
  readonly size: number;
  /** Distance between starts; equal to `size` when tumbling. */
  readonly advance: number;
  /** How long after its end a window still takes records, in stream time. */
  readonly grace: number;
  /** Start of the first window that could hold a record of this time. Later ones follow every `advance`. */
  firstStart(timestamp: number): number;
}

export interface GraceOption {
  /** ms of stream time. What arrives after end + grace is late: dropped and counted. */
  readonly grace: number;
}

/** A window closes the moment stream time reaches its end: every record out of order across it is dropped. */
export const noGrace: GraceOption = { grace: 0 };

const positive = (what: string, value: number): void => {
  if (!(value > 0)) throw new TopologyError(`${what} must be more than 0 ms, not ${value}`);
};

/** Windows that follow each other without overlap (`TimeWindows.ofSizeAndGrace`). */
export const tumbling = (size: number, { grace }: GraceOption): TimeWindows => hopping(size, size, { grace });

/** Windows of `size` that start every `advance` ms (`TimeWindows.ofSizeAndGrace(..).advanceBy(..)`). */
export const hopping = (size: number, advance: number, { grace }: GraceOption): TimeWindows => {
  positive("the window size", size);
  positive("the advance", advance);
  if (advance > size)
    throw new TopologyError(`an advance of ${advance} ms leaves gaps between windows of ${size} ms`);
  if (!(grace >= 0)) throw new TopologyError(`the grace must be 0 ms or more, not ${grace}`);
  return {
    size,
    advance,
    grace,
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
export const unlimited = (startOn = 0): TimeWindows => ({
  size: Number.POSITIVE_INFINITY,
  advance: Number.POSITIVE_INFINITY,
  grace: 0,
  firstStart: () => startOn,
});
