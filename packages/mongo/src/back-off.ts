import { type Clock, seconds } from "@millrace/streams";
import { MongoError } from "./mongo-error.ts";

const firstMs = 100;
const longestMs = seconds(5);

/** How long to wait before the next attempt after `failures` (1, 2, ...) failed ones, ms: at most 5 s, with jitter. */
export const backOffMs = (failures: number): number =>
  Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 10)) * (0.5 + Math.random() / 2);

/** Resolves after `ms`; rejects with MONGO_CLOSED as soon as the signal is aborted. */
export const pause = (ms: number, clock: Clock, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve, reject) => {
    const closed = (): void => {
      clock.clearTimeout(timer);
      reject(closedError(signal));
    };
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener("abort", closed);
      resolve();
    }, ms);
    if (signal?.aborted === true) closed();
    else signal?.addEventListener("abort", closed, { once: true });
  });

/** What those get who were still waiting. Retriable: their records are read again after the next start. */
export const closedError = (signal: AbortSignal | undefined): MongoError =>
  new MongoError("MONGO_CLOSED", "closed while waiting for MongoDB", {
    cause: signal?.reason,
    retriable: true,
  });
