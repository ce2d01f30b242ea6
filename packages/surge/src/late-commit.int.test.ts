import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { hallConfig, metric, PricingFixture } from "../test/pricing-fixture.ts";
import { applyLocation } from "./apply-location.ts";
import { applyMetric } from "./apply-metric.ts";
import { demandSnapshot } from "./demand-snapshot.ts";
import { locationKey } from "./location-key.ts";

const uri = inject("mongo");
let surge: PricingFixture;

beforeEach(async ({ skip }) => {
  skip(uri === "", "there is no MongoDB");
  surge = await PricingFixture.open(uri);
  const { setName } = await surge.admin({ hello: 1 }).catch(() => ({ setName: undefined }));
  if (setName !== undefined) return;
  await surge.close();
  skip("this MongoDB has no transactions");
});

afterEach(() => surge.close());

const revision = (offset: number, bookingsCount: number, final = false) => ({
  metric: metric({
    bookingsCount,
    demandPressure: bookingsCount,
    final,
    timestamp: metric().timestamp + offset,
  }),
  partition: 0,
  offset,
});

/** Whoever has that name stands still before it commits. */
const freezeCommits = (appName: string, blockTimeMS: number) =>
  surge.admin({
    configureFailPoint: "failCommand",
    mode: { times: 1 },
    data: { failCommands: ["commitTransaction"], blockConnection: true, blockTimeMS, appName },
  });

test("a newer decision outlasts an older one that was frozen before its commit and comes back", async () => {
  const [frozen, successor] = [await surge.member("frozen"), await surge.member("successor")];
  await applyMetric("topic", frozen)(revision(1, 10));

  await freezeCommits("frozen", 2_000);
  const late = applyMetric("topic", frozen)(revision(2, 20));
  await sleep(300);
  // It has the task now. It reads the same draft, and must wait for the other's transaction.
  const newer = applyMetric("topic", successor)(revision(3, 19, true));
  await Promise.all([late, newer]);

  expect((await surge.draft())?.["demandSupplySnapshot"]).toMatchObject({ demand: 19 });
  expect(await surge.params()).toMatchObject({ currentDemand: 19, metricOrder: { offset: 3 } });
  const marks = await surge.database.collection("processed_events").find().sort({ offset: 1 }).toArray();
  expect(marks.map(({ offset }) => Number(offset))).toEqual([1, 2, 3]);
});

test("an older decision that comes back after a newer one is given up", async () => {
  const [late, successor] = [await surge.member(), await surge.member()];
  await applyMetric("topic", late)(revision(1, 10));
  // It remembers the draft as it was, and is to write over what has changed since.
  await applyMetric("topic", successor)(revision(3, 19, true));
  await applyMetric("topic", late)(revision(2, 20));
  expect((await surge.draft())?.["demandSupplySnapshot"]).toMatchObject({ demand: 19 });
  expect(surge.log.at(-1)).toContain("olderMetric");
  expect(late.counters.multipliers.value.count).toBe(1);
});

/** What a location's members make up, so many of them final. */
const sums = (final: number, bookingsCount: number) => ({
  ...demandSnapshot(metric({ bookingsCount, demandPressure: bookingsCount }), 0),
  order: { hour: metric().hour, final, timestamp: final, offset: final },
});

test("a location's newer sums outlast older ones that were frozen before their commit", async () => {
  await surge.database.collection("surge_configs").insertOne({
    ...hallConfig(),
    _id: "house config" as never,
    appliesTo: { level: "LOCATION", entityId: "house" },
  });
  const [frozen, successor] = [await surge.member("frozen"), await surge.member("successor")];
  const key = locationKey("house", metric().hour);
  await applyLocation(frozen)(sums(0, 10), key);

  await freezeCommits("frozen", 2_000);
  const late = applyLocation(frozen)(sums(1, 20), key);
  await sleep(300);
  const newer = applyLocation(successor)(sums(5, 19), key);
  await Promise.all([late, newer]);

  const draft = await surge.database.collection("ratesheets").findOne({ surgeConfigId: "house config" });
  expect(draft).toMatchObject({
    demandSupplySnapshot: { demand: 19 },
    materialized: { order: { final: 5 } },
  });
  // Told once more, the older one changes nothing, and is known for what it is.
  await applyLocation(frozen)(sums(1, 20), key);
  expect(frozen.counters.repeated).toBe(1);
  expect(await surge.database.collection("ratesheets").findOne({ surgeConfigId: "house config" })).toEqual(
    draft,
  );
});
