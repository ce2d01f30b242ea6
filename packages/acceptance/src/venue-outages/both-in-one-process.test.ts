import { expect, inject, test } from "vitest";
import { readiness } from "../readiness.ts";
import { closesSoon, DayStage } from "../venue-day/day-stage.ts";
import { deliver } from "../venue-day/deliver.ts";
import { generateDay } from "../venue-day/generate-day.ts";
import { until } from "../venue-client.ts";
import { demandProblems } from "./demand-problems.ts";
import { servers } from "./servers.ts";
import { switchedMongo } from "./switched-mongo.ts";

test("millrace-venue runs both in one process; SIGTERM stops both in time, though MongoDB is away", async (context) => {
  if (inject("mongo") === "") context.skip("there is no MongoDB");
  const deliveries = generateDay(7).slice(0, 600);
  const mongo = await switchedMongo();
  const stage = await DayStage.open("both", deliveries, { ...servers(), mongoOfServices: mongo.uri });
  try {
    let both = stage.startBoth();
    await deliver(stage.venue, deliveries.slice(0, 300), stage.partitions);
    await until(
      async () => (await stage.processed()) > 0,
      () => both.output.slice(-5_000),
    );
    mongo.switch.off();
    await deliver(stage.venue, deliveries.slice(300), stage.partitions);
    await until(
      async () => (await readiness(stage.surgePort)) === 503,
      () => both.output.slice(-5_000),
    );
    const told = Date.now();
    both.kill("SIGTERM");
    expect(await both.exit(), both.output.slice(-5_000)).toBe(0);
    expect(Date.now() - told).toBeLessThan(30_000);

    mongo.switch.on();
    both = stage.startBoth(closesSoon);
    await stage.allFinals(() => both.output);
    await stage.allApplied(stage.finals);
    expect(await readiness(stage.surgePort)).toBe(200);
    both.kill("SIGTERM");
    expect(await both.exit(), both.output.slice(-5_000)).toBe(0);
    expect(demandProblems(stage)).toEqual([]);
    expect(await stage.problems(stage.finals)).toEqual([]);
  } finally {
    await stage.close();
    await mongo.switch.close();
  }
});
