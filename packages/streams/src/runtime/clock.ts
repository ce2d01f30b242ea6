/** Time as the runtime sees it: real, or virtual in tests. */
export interface Clock {
  /** Wall clock, ms since the epoch; may jump. */
  now(): number;
  /** ms since some start; never jumps. */
  monotonic(): number;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
};
