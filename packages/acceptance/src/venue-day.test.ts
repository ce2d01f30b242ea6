import type { DemandHourly } from "@millrace/venue";
import { expect, inject, test } from "vitest";
import { resetOffsets } from "./reset-offsets.ts";
import { serviceMetric } from "./service-metrics.ts";
import type { ServiceProcess } from "./service-process.ts";
import { untilQuiet } from "./until-quiet.ts";
import { until } from "./venue-client.ts";
import { checksums } from "./venue-day/checksums.ts";
import { comparable } from "./venue-day/comparable.ts";
import { evenings, inactive, invalid, noSupply } from "./venue-day/configs.ts";
import { closesSoon, DayStage } from "./venue-day/day-stage.ts";
import { deliver } from "./venue-day/deliver.ts";
import { differences } from "./venue-day/differences.ts";
import type { ExpectedFinal } from "./venue-day/expected-demand.ts";
import { generateDay } from "./venue-day/generate-day.ts";
import { earlierFinals } from "./venue-day/history.ts";
import { lateEvents } from "./venue-day/late-events.ts";
import { textOf } from "./venue-day/places.ts";
import { sendDemand } from "./venue-day/send-demand.ts";
import { surgeInDatabase } from "./venue-day/surge-in-database.ts";
import { hour } from "./venue-day/the-day.ts";

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
  const sent = deliveries.filter(({ kind }) => kind === "booking").length;
  const stage = await DayStage.open("day", deliveries, {
    kafka: inject("kafka"),
    registry: inject("registry"),
    mongo: inject("mongo"),
  });
  const { venue, database, partitions, demandPort, surgePort, expected: demanded } = stage;
  try {
    const surge = stage.startSurge();
    let demand = stage.startDemand();

    // The weeks before, as the surge updater knows them: all of them before the day, for the east's history.
    const earlier = earlierFinals();
    await sendDemand(venue, earlier, partitions);
    await stage.allApplied(earlier);

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
    await expect
      .poll(async () => ({
        duplicates: await serviceMetric(demandPort, "duplicate_records_total"),
        late: await serviceMetric(demandPort, "late_records_total"),
        deadLetters: await serviceMetric(demandPort, "dead_lettered_records_total"),
      }))
      .toEqual({
        duplicates: demanded.duplicates,
        late: demanded.late.length,
        deadLetters: demanded.deadLetters,
      });
    demand = await stage.endDay(demand);
    await stage.allFinals(() => demand.output);
    await stop(demand);

    const finals = [...earlier, ...stage.finals];
    await stage.allApplied(finals);
    await stop(surge);
    expect(await stage.problems(finals)).toEqual([]);

    // The demand topic.
    expect(
      differences(
        stage.finals.map(withoutClock),
        demanded.finals,
        (final) => `${final.subLocationId} ${new Date(final.hour).toISOString()}`,
      ),
    ).toEqual([]);
    const late = await lateEvents(venue, stage.lateTopic, demanded.late.length);
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
    await resetOffsets(venue.transport, stage.surgeId, venue.demandTopic.name);
    const demandAgain = stage.startDemand(closesSoon);
    const surgeAgain = stage.startSurge();
    await until(
      // More of them where the group was lost on the way: what a void transaction has seen is seen again.
      async () =>
        ((await serviceMetric(demandPort, "duplicate_records_total")) ?? 0) >= sent - demanded.late.length &&
        ((await serviceMetric(demandPort, "late_records_total")) ?? 0) >= demanded.late.length,
      () => demandAgain.output.slice(-5_000),
    );
    await until(
      async () => ((await serviceMetric(surgePort, "surge_repeated_total")) ?? 0) >= metricsBefore,
      () => surgeAgain.output.slice(-5_000),
    );
    await stop(demandAgain);
    await stop(surgeAgain);
    expect(venue.demand.slice(metricsBefore)).toEqual([]);
    expect(await checksums(database)).toEqual(afterTheDay);

    // And by an application that knows nothing, when what was applied has been forgotten: guards alone are left.
    await database.collection("processed_events").deleteMany({});
    const newcomer = stage.startSurge({ KAFKA_GROUP_ID_UPDATER: `${stage.surgeId}.new` });
    await until(
      async () => (await stage.processed()) === metricsBefore,
      () => newcomer.output.slice(-5_000),
    );
    await untilQuiet(() => serviceMetric(surgePort, "surge_skipped_total"));
    const forgotten = { processed_events: "" };
    expect({ ...(await checksums(database)), ...forgotten }).toEqual({ ...afterTheDay, ...forgotten });

    // A newer metric for each of the hours that people decided on revises drafts, but not what they did.
    const decided = () => ratesheets.find({ $or: decisions }).sort({ _id: 1 }).toArray();
    const before = await decided();
    const hoursDecided = before.map(({ effectiveFrom }) => Number(effectiveFrom) - hour);
    const newer = stage.finals
      .filter((final) => hoursDecided.includes(final.hour))
      .map((final) => ({ ...final, timestamp: final.timestamp + 60_000 }));
    await sendDemand(venue, newer, partitions);
    await until(
      async () => (await stage.processed()) === metricsBefore + newer.length,
      () => newcomer.output.slice(-5_000),
    );
    await untilQuiet(() => serviceMetric(surgePort, "surge_skipped_total"));
    await stop(newcomer);
    expect(before).toHaveLength(3);
    expect(await decided()).toEqual(before);
    const found = new Set((await surgeInDatabase(database)).drafts.map(comparable));
    const unrevised = stage.surgeOf(newer).drafts.filter((draft) => !found.has(comparable(draft)));
    expect(new Set(unrevised.map(({ surgeConfigId }) => surgeConfigId))).toEqual(
      new Set(decisions.map(({ surgeConfigId }) => surgeConfigId)),
    );
    expect(unrevised).toHaveLength(before.length);
  } finally {
    await stage.close();
  }
});
