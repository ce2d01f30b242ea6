/** Time and chance as the runtime knows them: the system's, or virtual ones in tests (`VirtualClock`). */
export interface Clock {
  /** Wall clock, ms since the epoch; may jump. */
  now(): number;
  /** ms since some start; never jumps. */
  monotonic(): number;
  /** Calls back once after at least `ms`; answers what `clearTimeout` takes. */
  setTimeout(callback: () => void, ms: number): unknown;
  /** Ends a timer that has not fired; a handle that is undefined or has fired is nothing to it. */
  clearTimeout(handle: unknown): void;
  /** Calls back once sockets and timers have had their turn. */
  setImmediate(callback: () => void): void;
  /** A number in [0, 1). */
  random(): number;
}

/** The system's. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimeout: (callback, ms) => setTimeout(callback, ms),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
  setImmediate: (callback) => void setImmediate(callback),
  random: () => Math.random(),
};
