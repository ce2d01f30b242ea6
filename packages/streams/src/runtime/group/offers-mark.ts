import { murmur2 } from "../../transport/murmur2.ts";
import type { OfferedSubTopology } from "./subscription.ts";

/** A number that tells what a member can run, and where it is asked, from what it was before, whatever it runs now. */
export const offersMark = (offers: readonly OfferedSubTopology[], endpoint: string | undefined): number =>
  murmur2(
    Buffer.from(
      JSON.stringify([
        endpoint,
        ...offers
          .map(({ identity, sources, stores, tasks }) => [identity, sources, stores, tasks])
          .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
      ]),
    ),
  );
