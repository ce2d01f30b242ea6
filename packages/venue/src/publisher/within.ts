import type { Clock } from "@millrace/streams";

/** Waits for it, but not longer than so many ms. */
export const within = async (clock: Clock, ms: number, what: Promise<unknown>): Promise<void> => {
  let timer: unknown;
  await Promise.race([
    what,
    new Promise<void>((resolve) => {
      timer = clock.setTimeout(resolve, ms);
    }),
  ]);
  clock.clearTimeout(timer);
};
