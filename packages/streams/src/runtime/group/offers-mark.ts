import { murmur2 } from "../../transport/murmur2.ts";
import type { OfferedSubTopology } from "./subscription.ts";

/** A number that tells what a member can run from what it could run before, whatever it runs now. */
export const offersMark = (offers: readonly OfferedSubTopology[]): number =>
  murmur2(
    Buffer.from(
      JSON.stringify(
        offers
          .map(({ identity, sources, stores, tasks }) => [identity, sources, stores, tasks])
          .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
      ),
    ),
  );
