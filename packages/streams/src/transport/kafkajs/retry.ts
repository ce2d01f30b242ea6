import { TransportError } from "../transport-error.ts";

/** How often and how long to try: the waits double from the first to the longest, ms. */
export interface RetryPolicy {
  readonly attempts: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

/** Some seconds: a broker that restarts, a leader that moves. */
const patient: RetryPolicy = { attempts: 12, firstWaitMs: 20, longestWaitMs: 2_000 };

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Calls `body` again after a retriable TransportError; `before` may look for a new leader or coordinator first. */
export const retrying = async <T>(
  body: () => Promise<T>,
  before: (error: TransportError) => Promise<void> | void = () => undefined,
  { attempts, firstWaitMs, longestWaitMs }: RetryPolicy = patient,
): Promise<T> => {
  for (let attempt = 1; ; attempt++)
    try {
      return await body();
    } catch (error) {
      if (!(error instanceof TransportError) || !error.retriable || attempt >= attempts) throw error;
      await wait(Math.min(longestWaitMs, firstWaitMs * 2 ** (attempt - 1)));
      try {
        await before(error);
      } catch (again) {
        if (!(again instanceof TransportError) || !again.retriable) throw again;
      }
    }
};
