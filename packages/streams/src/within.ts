import type { Clock } from "./clock.ts";
import { TransportError } from "./transport/transport-error.ts";

/** What was promised; rejects with a TransportError NETWORK, which may be tried again, after `ms` without it. */
export const within = async <T>(clock: Clock, promised: Promise<T>, ms: number, what: string): Promise<T> => {
  let timer: unknown;
  const overdue = new Promise<never>((_, reject) => {
    timer = clock.setTimeout(
      () => reject(new TransportError(`no answer to ${what} within ${ms} ms`, "NETWORK", "retry")),
      ms,
    );
  });
  try {
    return await Promise.race([promised, overdue]);
  } finally {
    clock.clearTimeout(timer);
  }
};
