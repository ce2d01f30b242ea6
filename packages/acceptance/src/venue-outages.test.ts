import { SeededRandom } from "@millrace/venue";
import { expect, inject, test } from "vitest";
import { readiness } from "./readiness.ts";
import { serviceMetric } from "./service-metrics.ts";
import { TcpSwitch } from "./tcp-switch.ts";
import { closesSoon, DayStage } from "./venue-day/day-stage.ts";
import { deliver } from "./venue-day/deliver.ts";
import { differences } from "./venue-day/differences.ts";
import type { ExpectedFinal } from "./venue-day/expected-demand.ts";
import { generateDay } from "./venue-day/generate-day.ts";
import { until } from "./venue-client.ts";

const part = 150;
const outageMs = 30_000;

type Counted = Pick<ExpectedFinal, "subLocationId" | "hour" | "bookingsCount" | "totalAttendees">;

const counted = ({ subLocationId, hour, bookingsCount, totalAttendees }: ExpectedFinal): Counted => ({
  subLocationId,
  hour,
  bookingsCount,
  totalAttendees,
});

/** Where the finals are not as they must be, a line each; a final that came twice is one. */
const demandProblems = (stage: DayStage): readonly string[] =>
  differences(
    stage.finals.map(counted),
    stage.expected.finals.map(counted),
    ({ subLocationId, hour }) => `${subLocationId} ${new Date(hour).toISOString()}`,
  );

const servers = () => ({ kafka: inject("kafka"), registry: inject("registry"), mongo: inject("mongo") });

/** MongoDB behind a switch, and how the services find it. */
const switchedMongo = async (): Promise<{ readonly switch: TcpSwitch; readonly uri: string }> => {
  const server = new URL(inject("mongo"));
  const before = await TcpSwitch.before(server.hostname, Number(server.port || 27_017));
  server.host = `127.0.0.1:${before.port}`;
  // Members of a replica set tell where they are, which is past the switch.
  server.searchParams.set("directConnection", "true");
  return { switch: before, uri: server.href };
};

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

test("killed at random moments, the surge updater leaves the database as if it had not been", async (context) => {
  if (inject("mongo") === "") context.skip("there is no MongoDB");
  const seed = Date.now() % 1_000_000;
  const random = new SeededRandom(seed);
  const deliveries = generateDay(seed);
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
