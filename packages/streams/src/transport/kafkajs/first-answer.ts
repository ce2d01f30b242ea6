import { TransportError } from "../transport-error.ts";
import { wait } from "./retry.ts";

/**
 * The first answer that one of the attempts gets. The next one begins when the one before has failed with NETWORK, and
 * when it has been under way for `patienceMs`. Rejects with any other error at once, and with the last when all have
 * failed. `signal`, aborted, begins no more.
 */
export const firstAnswer = async <T>(
  attempts: readonly (() => Promise<T>)[],
  patienceMs: number,
  signal: AbortSignal,
): Promise<T> => {
  const answered = Promise.withResolvers<T>();
  const done = new AbortController();
  const underWay = new Set<Promise<void>>();
  let last: unknown;
  const begin = async (attempt: () => Promise<T>, failed: AbortController): Promise<void> => {
    try {
      answered.resolve(await attempt());
      done.abort();
    } catch (error) {
      last = error;
      if (!(error instanceof TransportError) || error.kafkaError !== "NETWORK") {
        answered.reject(error);
        done.abort();
      }
      failed.abort();
    }
  };
  const goOn = async (): Promise<void> => {
    for (const attempt of attempts) {
      if (done.signal.aborted || (signal.aborted && underWay.size > 0)) break;
      const failed = new AbortController();
      underWay.add(begin(attempt, failed));
      await wait(patienceMs, AbortSignal.any([done.signal, failed.signal]));
    }
    await Promise.all(underWay);
    // Nothing happens where it was answered.
    answered.reject(last);
  };
  void goOn();
  return answered.promise;
};
