import { SeededRandom } from "@millrace/venue";
import { expect, inject, test } from "vitest";
import { DayStage } from "../venue-day/day-stage.ts";
import { deliver } from "../venue-day/deliver.ts";
import { generateDay } from "../venue-day/generate-day.ts";
import { until } from "../venue-client.ts";
import { demandProblems } from "./demand-problems.ts";
import { servers } from "./servers.ts";

const part = 150;

test("killed at random moments, the surge updater leaves the database as if it had not been", async (context) => {
  if (inject("mongo") === "") context.skip("there is no MongoDB");
  const seed = Date.now() % 1_000_000;
  const random = new SeededRandom(seed);
  // Half a day has kills enough, and a database in the language of tests takes minutes for it.
  const deliveries = generateDay(seed).slice(0, 2_250);
  const stage = await DayStage.open("killed", deliveries, servers());
  const { venue, partitions } = stage;
  try {
    let surge = stage.startSurge();
    let demand = stage.startDemand();
    let kills = 0;
    let nextKill = 0;
    for (let from = 0; from < deliveries.length; from += part) {
      const shown = await stage.processed();
      await deliver(venue, deliveries.slice(from, from + part), partitions);
      if (from < nextKill) continue;
      // Some while it starts, some while it works.
      if (kills % 2 === 1)
        await until(
          async () => (await stage.processed()) > shown,
          () => surge.output.slice(-5_000),
        );
      await new Promise((resolve) => setTimeout(resolve, random.below(1_500)));
      surge.kill("SIGKILL");
      await surge.exit();
      surge = stage.startSurge();
      kills++;
      nextKill = from + random.below(5 * part);
    }
    // At the latest with every fifth part there was one.
    expect(kills).toBeGreaterThanOrEqual(Math.floor(deliveries.length / part / 5));
    demand = await stage.endDay(demand);
    await stage.allFinals(() => demand.output);
    await stage.allApplied(stage.finals);
    surge.kill("SIGTERM");
    expect(await surge.exit(), surge.output.slice(-5_000)).toBe(0);
    expect(demandProblems(stage), `seed ${seed}`).toEqual([]);
    expect(await stage.problems(stage.finals), `seed ${seed}`).toEqual([]);
  } finally {
    await stage.close();
  }
});
