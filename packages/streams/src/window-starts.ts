/** The times at which windows begin, and so end. */
export interface WindowStarts {
  /** The last one that is not after `time`, ms; 0 where that would be earlier. */
  at(time: number): number;
  /** The first one that is after `time`. */
  after(time: number): number;
}

/**
 * No window is longer than `size`, because stores drop and close by it: where a zone should ever repeat a day, the rest of it
 * is a window of its own.
 */
export const cutAfter = (size: number, starts: WindowStarts): WindowStarts => ({
  at: (time) => {
    const start = starts.at(time);
    return time < start + size ? start : start + size;
  },
  after: (time) => {
    const cut = starts.at(time) + size;
    const next = starts.after(time);
    return time < cut && cut < next ? cut : next;
  },
});
