import { freePorts } from "@millrace/devstack";
import type { DemandHourly } from "@millrace/venue";
import { MongoClient } from "mongodb";
import { expect, inject, test } from "vitest";
import { mongoUriOf } from "./mongo-uri.ts";
import { resetOffsets } from "./reset-offsets.ts";
import { serviceMetric } from "./service-metrics.ts";
import { ServiceProcess } from "./service-process.ts";
import { checksums } from "./venue-day/checksums.ts";
import { untilQuiet } from "./until-quiet.ts";
import { comparable } from "./venue-day/comparable.ts";
import { evenings, inactive, invalid, noSupply, surgeConfigs } from "./venue-day/configs.ts";
import { deliver } from "./venue-day/deliver.ts";
import { differences } from "./venue-day/differences.ts";
import { expectedDemand, type ExpectedFinal } from "./venue-day/expected-demand.ts";
import { expectedSurge } from "./venue-day/expected-surge.ts";
import { generateDay } from "./venue-day/generate-day.ts";
import { lateEvents } from "./venue-day/late-events.ts";
import { earlierFinals, historyBefore } from "./venue-day/history.ts";
import { places, textOf } from "./venue-day/places.ts";
import { sendDemand } from "./venue-day/send-demand.ts";
import { store } from "./venue-day/store.ts";
import { surgeDifferences } from "./venue-day/surge-differences.ts";
import { surgeInDatabase } from "./venue-day/surge-in-database.ts";
import { dayStart, defaultCapacity, graceMs, hour, timeZone } from "./venue-day/the-day.ts";
import { openVenue, until } from "./venue-client.ts";

const partitions = 4;
/** Of the deliveries that are sent at once. */
const part = 150;

/** What was computed, not when. */
const withoutClock = (record: DemandHourly): ExpectedFinal => {
  const { final: _final, timestamp: _timestamp, ...computed } = record;
  return computed;
};

const stop = async (service: ServiceProcess): Promise<void> => {
  service.kill("SIGTERM");
  expect(await service.exit(), service.output.slice(-5_000)).toBe(0);
};

test("a day of bookings ends in the demand, params, drafts and history that the rules say; a replay changes nothing", async (context) => {
  if (inject("mongo") === "") context.skip("there is no MongoDB");
  const deliveries = generateDay(2_025);
  const history = historyBefore(new Date());
  const demanded = expectedDemand(deliveries, partitions, places, history);
  const sent = deliveries.filter(({ kind }) => kind === "booking").length;

  const venue = await openVenue(inject("kafka"), inject("registry"), "day", partitions);
  const client = await new MongoClient(inject("mongo")).connect();
  const database = client.db(`day-${Date.now()}`);
  await store(database, "sublocations", places);
  await store(database, "surge_configs", surgeConfigs);
  await database.collection("demand_history").insertMany(history.map((one) => ({ ...one })));

  const [demandPort = 0, surgePort = 0] = await freePorts(2);
  const lateTopic = `${venue.bookingEvents}.late`;
  const surgeId = `${database.databaseName}.surge`;
  const environment = {
    ...venue.environment,
    MONGODB_URI: mongoUriOf(inject("mongo"), database.databaseName),
    VENUE_TIME_ZONE: timeZone,
    DEMAND_GRACE_MS: String(graceMs),
    DEMAND_DEFAULT_CAPACITY: String(defaultCapacity),
    // Longer than any pause while the day is sent: an hour that closes in one would find the rest of it late.
    DEMAND_IDLE_CLOSE_MS: "6000",
  };
  const demandEnvironment = { ...environment, KAFKA_TOPIC_LATE: lateTopic, HTTP_PORT: String(demandPort) };
  const surgeEnvironment = {
    ...environment,
    KAFKA_GROUP_ID_UPDATER: surgeId,
    KAFKA_TOPIC_DEAD_LETTER: `${surgeId}.dead`,
    HTTP_PORT: String(surgePort),
  };
  const importing = new ServiceProcess("demand", environment, ["import-history"]);
  expect(await importing.exit(), importing.output).toBe(0);

  const running: ServiceProcess[] = [];
  const start = (...args: ConstructorParameters<typeof ServiceProcess>): ServiceProcess => {
    const service = new ServiceProcess(...args);
    running.push(service);
    return service;
  };
  try {
    const surge = start("surge", surgeEnvironment);
    const demand = start("demand", demandEnvironment);

    // The weeks before, as the surge updater knows them: all of them before the day, for the east's history.
    const earlier = earlierFinals();
    await sendDemand(venue, earlier, partitions);
    const weeksBefore = expectedSurge(earlier, surgeConfigs, places, history);
    await until(
      async () => surgeDifferences(await surgeInDatabase(database), weeksBefore).length === 0,
      () => surge.output.slice(-5_000),
    );

    // In parts, each when something of the one before is committed: so that there are revisions before the finals.
    const commits = async (): Promise<number> => (await serviceMetric(demandPort, "commits_total")) ?? 0;
    for (let from = 0; from < deliveries.length; from += part) {
      const before = await commits();
      await deliver(venue, deliveries.slice(from, from + part), partitions);
      await until(
        async () => (await commits()) > before,
        () => demand.output.slice(-5_000),
      );
    }
    const finals = (): readonly DemandHourly[] =>
      venue.demand.filter((record) => record.final && record.hour >= dayStart);
    await until(
      () => finals().length >= demanded.finals.length,
      () => `${finals().length} of ${demanded.finals.length} finals; ${demand.output.slice(-5_000)}`,
    );
    expect({
      duplicates: await serviceMetric(demandPort, "duplicate_records_total"),
      late: await serviceMetric(demandPort, "late_records_total"),
      deadLetters: await serviceMetric(demandPort, "dead_lettered_records_total"),
    }).toEqual({
      duplicates: demanded.duplicates,
      late: demanded.late.length,
      deadLetters: demanded.deadLetters,
    });
    await stop(demand);

    // What it may have sent at the very end is read by then: the surge updater has it all.
    const expected = expectedSurge([...earlier, ...finals()], surgeConfigs, places, history);
    let problems: readonly string[] = [];
    const isAsExpected = async (): Promise<boolean> => {
      problems = surgeDifferences(await surgeInDatabase(database), expected);
      return problems.length === 0;
    };
    const processed = () =>
      database.collection("processed_events").countDocuments({ partition: { $gte: 0 } });
    await until(
      async () => (await processed()) === venue.demand.length && (await isAsExpected()),
      () => [`${problems.length} problems`, ...problems.slice(0, 20)].join("\n"),
      30_000,
    );
    await stop(surge);
    expect(await isAsExpected(), problems.join("\n")).toBe(true);

    // The demand topic.
    expect(
      differences(
        finals().map(withoutClock),
        demanded.finals,
        (final) => `${final.subLocationId} ${new Date(final.hour).toISOString()}`,
      ),
    ).toEqual([]);
    const late = await lateEvents(venue, lateTopic, demanded.late.length);
    expect(late.map(comparable).toSorted()).toEqual(demanded.late.map(comparable).toSorted());

    // The reasons of those that got nothing, or not always.
    const isLogged = (id: string, reason: string): boolean =>
      surge.output
        .split("\n")
        .some((line) => line.includes(`"surgeConfigId":"${id}"`) && line.includes(`"reason":"${reason}"`));
    expect(isLogged(textOf(noSupply.id), "noSupply")).toBe(true);
    expect(isLogged(textOf(invalid.id), "invalidSurgeParams")).toBe(true);
    expect(isLogged(textOf(evenings.id), "outsideTimeWindows")).toBe(true);
    expect(surge.output).not.toContain(`"surgeConfigId":"${textOf(inactive.id)}"`);

    // People decide.
    const ratesheets = database.collection("ratesheets");
    const decisions = [
      { surgeConfigId: "north", approvalStatus: "APPROVED" },
      { surgeConfigId: "pop-up", approvalStatus: "REJECTED" },
      { surgeConfigId: "as text", surgeMultiplierSnapshot: 1.2345 },
    ];
    for (const { surgeConfigId, ...change } of decisions)
      await ratesheets.updateOne({ surgeConfigId }, { $set: change });

    // Both topics from their beginning, with all that both applications know.
    const afterTheDay = await checksums(database);
    const metricsBefore = venue.demand.length;
    await resetOffsets(
      venue.transport,
      venue.environment["KAFKA_GROUP_ID_AGGREGATOR"] ?? "",
      venue.bookingEvents,
    );
    await resetOffsets(venue.transport, surgeId, venue.demandTopic.name);
    const demandAgain = start("demand", { ...demandEnvironment, DEMAND_IDLE_CLOSE_MS: "1000" });
    const surgeAgain = start("surge", surgeEnvironment);
    await until(
      async () =>
        (await serviceMetric(demandPort, "duplicate_records_total")) === sent - demanded.late.length &&
        (await serviceMetric(demandPort, "late_records_total")) === demanded.late.length,
      () => demandAgain.output.slice(-5_000),
    );
    await until(
      async () => ((await serviceMetric(surgePort, "surge_repeated_total")) ?? 0) >= metricsBefore,
      () => surgeAgain.output.slice(-5_000),
    );
    await stop(demandAgain);
    await stop(surgeAgain);
    expect(venue.demand.length).toBe(metricsBefore);
    expect(await checksums(database)).toEqual(afterTheDay);

    // And by an application that knows nothing, when what was applied has been forgotten: guards alone are left.
    await database.collection("processed_events").deleteMany({});
    const newcomer = start("surge", { ...surgeEnvironment, KAFKA_GROUP_ID_UPDATER: `${surgeId}.new` });
    await until(
      async () => (await processed()) === metricsBefore,
      () => newcomer.output.slice(-5_000),
    );
    await untilQuiet(() => serviceMetric(surgePort, "surge_skipped_total"));
    const forgotten = { processed_events: "" };
    expect({ ...(await checksums(database)), ...forgotten }).toEqual({ ...afterTheDay, ...forgotten });

    // A newer metric for each of the hours that people decided on revises drafts, but not what they did.
    const decided = () => ratesheets.find({ $or: decisions }).sort({ _id: 1 }).toArray();
    const before = await decided();
    const hoursDecided = before.map(({ effectiveFrom }) => Number(effectiveFrom) - hour);
    const newer = finals()
      .filter((final) => hoursDecided.includes(final.hour))
      .map((final) => ({ ...final, timestamp: final.timestamp + 60_000 }));
    await sendDemand(venue, newer, partitions);
    await until(
      async () => (await processed()) === metricsBefore + newer.length,
      () => newcomer.output.slice(-5_000),
    );
    await untilQuiet(() => serviceMetric(surgePort, "surge_skipped_total"));
    await stop(newcomer);
    expect(before).toHaveLength(3);
    expect(await decided()).toEqual(before);
    const found = new Set((await surgeInDatabase(database)).drafts.map(comparable));
    const unrevised = expectedSurge(newer, surgeConfigs, places, history).drafts.filter(
      (draft) => !found.has(comparable(draft)),
    );
    expect(new Set(unrevised.map(({ surgeConfigId }) => surgeConfigId))).toEqual(
      new Set(decisions.map(({ surgeConfigId }) => surgeConfigId)),
    );
    expect(unrevised).toHaveLength(before.length);
  } finally {
    for (const service of running) service.kill("SIGKILL");
    await client.close();
    await venue.close();
  }
});
