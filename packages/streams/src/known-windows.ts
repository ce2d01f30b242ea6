import type { WindowStarts } from "./window-starts.ts";
import type { TimeWindows } from "./windows.ts";

/** More windows than an application has open. */
const most = 4_096;

/** Remembers where windows start and end, so that a record costs a comparison, and not a look at the calendar. */
export const knownWindows = (starts: WindowStarts): Pick<TimeWindows, "firstStart" | "endOf"> => {
  /** Ascending. */
  const knownStarts: number[] = [];
  const knownEnds: number[] = [];
  let start = 0;
  let end = -1;

  /** Makes `[start, end)` the window that holds that time. */
  const find = (time: number): void => {
    let low = 0;
    let high = knownStarts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((knownStarts[middle] ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    const knownEnd = knownEnds[low - 1] ?? -1;
    if (time < knownEnd) {
      start = knownStarts[low - 1] ?? 0;
      end = knownEnd;
      return;
    }
    start = starts.at(time);
    end = starts.after(time);
    if (knownStarts.length >= most) {
      knownStarts.length = 0;
      knownEnds.length = 0;
      low = 0;
    }
    knownStarts.splice(low, 0, start);
    knownEnds.splice(low, 0, end);
  };

  return {
    firstStart: (time) => {
      if (time < start || time >= end) find(time);
      return start;
    },
    endOf: (time) => {
      if (time < start || time >= end) find(time);
      return end;
    },
  };
};
