import { TransportError } from "../transport-error.ts";
import type { BrokerHealth, Trouble } from "./broker-health.ts";

export interface RetryOptions {
  /** How long to go on after the first failure, ms. */
  readonly forMs?: number;
  /** When to stop instead, in `performance.now()`. */
  readonly until?: number;
  /** How long to wait after an error instead of the wait that doubles each time, ms. */
  readonly waitMs?: (error: TransportError) => number | undefined;
  /** Told of what brokers refuse for long. */
  readonly health?: BrokerHealth;
  /** No further attempt, and no further waiting, once it is aborted. */
  readonly signal: AbortSignal;
  /** Runs before each further attempt: look for a new leader or coordinator. */
  readonly before?: (error: TransportError) => Promise<void>;
}

const usualMs = 60_000;
const firstWaitMs = 20;
const longestWaitMs = 1_000;

/** Resolves after the time, or when the signal is aborted. Leaves no timer behind. */
export const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });

/**
 * Calls `body` again after a retriable TransportError, after waits that double up to a second. For a minute, unless
 * said otherwise: a broker restarts, a leader moves.
 */
export const retrying = async <T>(body: () => Promise<T>, options: RetryOptions): Promise<T> => {
  const { health } = options;
  let trouble: Trouble | undefined;
  try {
    return await repeat(body, options, (error, since) => {
      trouble ??= health?.refused(error.message, since, error.kafkaError === "NETWORK");
    });
  } finally {
    if (trouble !== undefined) health?.settled(trouble);
  }
};

const repeat = async <T>(
  body: () => Promise<T>,
  { forMs = usualMs, until, waitMs, signal, before }: RetryOptions,
  failed: (error: TransportError, since: number) => void,
): Promise<T> => {
  let giveUpAt = until;
  for (let doubling = firstWaitMs; ;) {
    const begun = performance.now();
    try {
      return await body();
    } catch (error) {
      if (!isRetriable(error) || signal.aborted) throw error;
      failed(error, begun);
      const steady = waitMs?.(error);
      // Not everybody at the same moment.
      const pause = steady ?? doubling * (0.75 + Math.random() / 2);
      if (steady === undefined) doubling = Math.min(2 * doubling, longestWaitMs);
      giveUpAt ??= performance.now() + forMs;
      if (performance.now() + pause > giveUpAt) throw error;
      await wait(pause, signal);
      if (signal.aborted) throw error;
      try {
        await before?.(error);
      } catch (again) {
        if (!isRetriable(again)) throw again;
      }
    }
  }
};

const isRetriable = (error: unknown): error is TransportError =>
  error instanceof TransportError && error.retriable;
