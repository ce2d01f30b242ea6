import { expect, inject, test } from "vitest";
import { readiness } from "../readiness.ts";
import { serviceMetric } from "../service-metrics.ts";
import { DayStage } from "../venue-day/day-stage.ts";
import { deliver } from "../venue-day/deliver.ts";
import { generateDay } from "../venue-day/generate-day.ts";
import { until } from "../venue-client.ts";
import { demandProblems } from "./demand-problems.ts";
import { servers } from "./servers.ts";
import { switchedMongo } from "./switched-mongo.ts";

const outageMs = 30_000;

test("while MongoDB is away, demand and surge wait for it, and say so; nothing is lost, nothing doubled", async (context) => {
  if (inject("mongo") === "") context.skip("there is no MongoDB");
  const deliveries = generateDay(30);
  const mongo = await switchedMongo();
  const stage = await DayStage.open("outage", deliveries, { ...servers(), mongoOfServices: mongo.uri });
  const { venue, partitions, demandPort, surgePort } = stage;
  try {
    const surge = stage.startSurge();
    // Capacities are to be asked for in the outage, too.
    let demand = stage.startDemand({ CAPACITY_CACHE_TTL_MS: "500" });
    const third = Math.floor(deliveries.length / 3);
    await deliver(venue, deliveries.slice(0, third), partitions);
    await until(
      async () => (await stage.processed()) > 100,
      () => surge.output.slice(-5_000),
    );
    expect(await readiness(surgePort)).toBe(200);

    mongo.switch.off();
    const away = Date.now();
    await deliver(venue, deliveries.slice(third, 2 * third), partitions);
    await until(
      async () => (await readiness(surgePort)) === 503 && (await readiness(demandPort)) === 503,
      () => `${surge.output.slice(-2_000)}\n${demand.output.slice(-2_000)}`,
      20_000,
    );
    await deliver(venue, deliveries.slice(2 * third), partitions);
    await until(
      () => Date.now() - away >= outageMs,
      () => "time does not pass",
    );
    expect(await readiness(surgePort)).toBe(503);
    mongo.switch.on();

    await until(
      async () => (await readiness(surgePort)) === 200 && (await readiness(demandPort)) === 200,
      () => `${surge.output.slice(-2_000)}\n${demand.output.slice(-2_000)}`,
    );
    demand = await stage.endDay(demand);
    await stage.allFinals(() => demand.output);
    await stage.allApplied(stage.finals);
    for (const port of [demandPort, surgePort])
      await until(
        async () => (await serviceMetric(port, "lag_records")) === 0,
        () => "there is a lag left",
      );
    for (const service of [demand, surge]) {
      service.kill("SIGTERM");
      expect(await service.exit(), service.output.slice(-5_000)).toBe(0);
    }
    expect(demandProblems(stage)).toEqual([]);
    expect(await stage.problems(stage.finals)).toEqual([]);
  } finally {
    await stage.close();
    await mongo.switch.close();
  }
});
