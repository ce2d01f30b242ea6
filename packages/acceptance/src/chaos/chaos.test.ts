import { hasJvm } from "@millrace/devstack";
import { VirtualClock } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { addPartitions, cutMemberOff, killCoordinator, killMembers } from "./faults.ts";
import { runChaos } from "./run-chaos.ts";

const chance = new VirtualClock({ seed: 1 });

/** The short form of `npm run chaos`, with brokers of its own: the others must not die. */
test.skipIf(!(await hasJvm()))(
  "on three brokers, whatever dies or is cut off, each record counts once and each outage is told",
  async () => {
    const rounds = [[killCoordinator, addPartitions, cutMemberOff, killMembers]];
    const verdicts = await runChaos({
      random: () => chance.random(),
      say: () => undefined,
      nextRound: () => rounds.pop(),
    });
    expect(verdicts.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    // Each fault, and all that came out.
    expect(verdicts.length).toBe(5);
  },
);
