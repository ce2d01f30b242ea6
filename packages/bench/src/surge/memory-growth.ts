import type { Sample } from "./surge-process.ts";

/** Memory near the beginning and at the end of a long run, each the median over a fifth of the samples. */
export interface MemoryGrowth {
  readonly rssStartBytes: number;
  readonly rssEndBytes: number;
}

/** The first fifth is left out: code is compiled and buffers find their size. */
export const memoryGrowth = (samples: readonly Sample[]): MemoryGrowth | undefined => {
  const fifth = Math.floor(samples.length / 5);
  if (fifth < 3) return undefined;
  return {
    rssStartBytes: median(samples.slice(fifth, 2 * fifth)),
    rssEndBytes: median(samples.slice(-fifth)),
  };
};

const median = (samples: readonly Sample[]): number =>
  samples.map(({ rssBytes }) => rssBytes).toSorted((a, b) => a - b)[samples.length >> 1] ?? 0;
