import { TopologyError } from "../errors.ts";
import type { Windowed } from "../windowed.ts";

/** How much a suppress may hold back; without limits, all of it (`BufferConfig`). */
export interface BufferBounds {
  /** Keys (`BufferConfig.maxRecords`). */
  readonly maxRecords?: number;
  /** Bytes of keys, values and where they came from, as Kafka Streams counts them (`BufferConfig.maxBytes`). */
  readonly maxBytes?: number;
}

/** Bounds, and what happens when one is passed. */
export interface FullBuffer extends BufferBounds {
  /**
   * `emitEarly` tells the oldest changes before their time (`emitEarlyWhenFull`); `shutDown` stops the task, with nothing
   * told early (`shutDownWhenFull`).
   */
  readonly whenFull: "emitEarly" | "shutDown";
}

/** What a suppress holds back, and until when (Kafka Streams' `Suppressed`). Made by the functions of this file. */
export interface Suppressed<in K, out Drops extends boolean = boolean> {
  /** From when on a change waits, ms of event time. */
  readonly timeOf: (key: K, timestamp: number) => number;
  /** How long it waits, ms of stream time; undefined for the grace of its window. */
  readonly waits: number | undefined;
  readonly bounds: FullBuffer;
  /** Deletions are not told: those of windows, which told nothing before. */
  readonly dropsDeletions: Drops;
}

/**
 * Tells one result per window, when stream time reaches its end + grace (`Suppressed.untilWindowCloses`). Windows that were
 * emptied are not told. When a bound is passed the task stops: to tell a window early would be wrong.
 */
export const untilWindowCloses = (bounds: BufferBounds = {}): Suppressed<Windowed<unknown>, true> => ({
  timeOf: ({ end }) => end,
  waits: undefined,
  bounds: checked({ ...bounds, whenFull: "shutDown" }),
  dropsDeletions: true,
});

/**
 * Tells a key's latest change `ms` of stream time after the first that waited (`Suppressed.untilTimeLimit`). An update of a
 * key that waits takes its place.
 */
export const untilTimeLimit = (ms: number, bounds?: FullBuffer): Suppressed<unknown, false> => {
  if (!(ms >= 0)) throw new TopologyError(`a change can wait 0 ms or more, not ${ms}`);
  return {
    timeOf: (_key, timestamp) => timestamp,
    waits: ms,
    bounds: checked(bounds ?? { whenFull: "shutDown" }),
    dropsDeletions: false,
  };
};

const checked = (bounds: FullBuffer): FullBuffer => {
  for (const part of ["maxRecords", "maxBytes"] as const) {
    const bound = bounds[part];
    if (bound !== undefined && !(bound >= 0))
      throw new TopologyError(`a buffer's ${part} must be 0 or more, not ${bound}`);
  }
  return bounds;
};
