import { until } from "./venue-client.ts";

/** Waits until what is counted has stayed the same for a while: there is no other sign that nothing more comes. */
export const untilQuiet = async (count: () => Promise<unknown>, forMs = 1_500): Promise<void> => {
  let seen = await count();
  let since = Date.now();
  await until(
    async () => {
      const now = await count();
      if (now !== seen) since = Date.now();
      seen = now;
      return Date.now() - since >= forMs;
    },
    () => `it never stopped at ${String(seen)}`,
  );
};
