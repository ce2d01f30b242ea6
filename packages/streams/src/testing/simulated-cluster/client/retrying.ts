import type { Clock } from "../../../clock.ts";
import { TransportError } from "../../../transport/transport-error.ts";

export interface RetryOptions {
  /** How long to go on after the first failure, ms; a minute. */
  readonly forMs?: number;
  /** Asked before each further attempt: whether there is reason to go on. */
  readonly goOn?: () => boolean;
  /** Told of each failure: look for a new leader or coordinator. */
  readonly failed?: (error: TransportError) => void;
}

/** Waits for what is over in a moment, ms: the markers of the transaction before are still being written. */
const steadyWaitsMs = new Map([
  ["CONCURRENT_TRANSACTIONS", 20],
  ["UNSTABLE_OFFSET_COMMIT", 50],
]);
const usualMs = 60_000;
const firstWaitMs = 20;
const longestWaitMs = 1_000;

/** Calls `body` again after a retriable TransportError, after waits that double up to a second. */
export const retrying = async <T>(
  clock: Clock,
  body: () => Promise<T>,
  { forMs = usualMs, goOn, failed }: RetryOptions = {},
): Promise<T> => {
  let giveUpAt: number | undefined;
  for (let doubling = firstWaitMs; ;)
    try {
      return await body();
    } catch (error) {
      if (!(error instanceof TransportError) || !error.retriable) throw error;
      failed?.(error);
      const steady = steadyWaitsMs.get(error.kafkaError);
      const pause = steady ?? doubling * (0.75 + clock.random() / 2);
      if (steady === undefined) doubling = Math.min(2 * doubling, longestWaitMs);
      giveUpAt ??= clock.monotonic() + forMs;
      if (clock.monotonic() + pause > giveUpAt || goOn?.() === false) throw error;
      await new Promise<void>((resolve) => void clock.setTimeout(resolve, pause));
      if (goOn?.() === false) throw error;
    }
};
