import { expect, inject, test } from "vitest";
import { SeededRandom } from "@millrace/venue";
import { demoBookings, expectedDemand } from "@millrace/demo";
import { expectFinals } from "./expect-finals.ts";
import { ServiceProcess } from "./service-process.ts";
import { openVenue, until } from "./venue-client.ts";

const hour = 3_600_000;
const partitions = 3;

test("killed at random moments, it writes the same finals as if it had not been: nothing lost, nothing twice", async () => {
  const venue = await openVenue(inject("kafka"), inject("registry"), "kill", partitions);
  const seed = Date.now() % 1_000_000;
  const random = new SeededRandom(seed);
  const start = (Math.floor(Date.now() / hour) - 30) * hour;
  const events = demoBookings(start, 28, seed);
  const expected = expectedDemand(events, partitions, 300_000);
  // Longer than any pause: an hour that closes in one would find the rest of its bookings late.
  const environment = { ...venue.environment, DEMAND_IDLE_CLOSE_MS: "3600000" };
  let demand = new ServiceProcess("demand", environment);
  try {
    let nextKill = 0;
    let kills = 0;
    for (const [n, event] of events.entries()) {
      await venue.publisher.publish(event);
      if (n === nextKill) {
        // Some while it starts, some while it works.
        await new Promise((resolve) => setTimeout(resolve, random.below(2_500)));
        demand.kill("SIGKILL");
        await demand.exit();
        demand = new ServiceProcess("demand", environment);
        kills++;
        nextKill = n + 1 + random.below(Math.ceil(events.length / 4));
      }
    }
    expect(kills).toBeGreaterThan(2);
    demand.kill("SIGKILL");
    await demand.exit();
    demand = new ServiceProcess("demand", { ...environment, DEMAND_IDLE_CLOSE_MS: "1000" });
    await until(
      () => demand.output.includes('"message":"started"'),
      () => `seed ${seed}: ${demand.output.slice(-2_000)}`,
    );
    await expectFinals(venue, demand, expected, `seed ${seed}`);
    const closed = new Set<string>();
    for (const { subLocationId, hour: at, final } of venue.demand) {
      const key = `${subLocationId} ${at}`;
      expect(closed.has(key), `a record follows the final of ${key}`).toBe(false);
      if (final) closed.add(key);
    }
  } finally {
    demand.kill("SIGKILL");
    await venue.close();
  }
});
