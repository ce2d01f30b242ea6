import type { Outcome } from "@millrace/mongo";
import { Decimal128, type Document, Double, Int32, Long, MongoServerError } from "mongodb";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { metric, PricingFixture } from "../test/pricing-fixture.ts";
import { applyMetric } from "./apply-metric.ts";
import { decide } from "./decide.ts";
import { decisionWrites } from "./decision-writes.ts";
import { demandSnapshot } from "./demand-snapshot.ts";
import { draftStart } from "./draft-ratesheet.ts";
import type { MetricOrder } from "./metric-order.ts";
import type { PricingOptions } from "./pricing.ts";
import type { SurgeDatabase } from "./surge-database.ts";
import type { SurgeStore } from "./surge-store.ts";
import type { WrittenRatesheet } from "./written-ratesheet.ts";

type Member = PricingOptions & { readonly database: SurgeDatabase };

/** The fields of an order in the order in which they count, each pair from older to newer whatever the later fields say. */
const ascending: readonly (readonly [MetricOrder, MetricOrder])[] = [
  [
    { hour: 1, final: 9, timestamp: 9, offset: 9 },
    { hour: 2, final: 0, timestamp: 0, offset: 0 },
  ],
  [
    { hour: 1, final: 0, timestamp: 9, offset: 9 },
    { hour: 1, final: 1, timestamp: 0, offset: 0 },
  ],
  [
    { hour: 1, final: 1, timestamp: 8, offset: 9 },
    { hour: 1, final: 1, timestamp: 9, offset: 0 },
  ],
  [
    { hour: 1, final: 1, timestamp: 9, offset: 8 },
    { hour: 1, final: 1, timestamp: 9, offset: 9 },
  ],
];

const decimal = (text: string): Decimal128 => Decimal128.fromString(text);

const demandOf = (draft: Document | null): unknown => draft?.["demandSupplySnapshot"].demand;

describe.each([
  { server: "the MongoDB at hand", uri: inject("mongo") },
  { server: "one that is no replica set", uri: inject("mongoStandalone") },
])("on $server", ({ uri }) => {
  let surge: PricingFixture;
  let member: Member;
  let offset = 0;

  beforeEach(async ({ skip }) => {
    skip(uri === "", "there is none");
    offset = 0;
    surge = await PricingFixture.open(uri);
    member = await surge.member();
  });

  afterEach(() => surge.close());

  /** Writes what the hall's config makes of a demand of this order, as if the config and the draft were as given. */
  const write = async (
    order: MetricOrder,
    bookingsCount: number,
    draft: WrittenRatesheet | undefined,
    more: Partial<Parameters<typeof metric>[0]> = {},
  ): Promise<Outcome> => {
    const [row] = await member.database.configsOf("SUBLOCATION", "hall");
    if (row?.reading.valid !== true) throw new Error("the hall has no config");
    const demand = demandSnapshot(metric({ bookingsCount, demandPressure: bookingsCount, ...more }), 0);
    const decision = decide({
      ...member,
      demand: { ...demand, order },
      config: row.reading,
      now: 1_000,
      previousMultiplier: undefined,
    });
    const { baselineAsRead } = row;
    const writes = decisionWrites(row.reading.config, decision, { draft, baselineAsRead });
    const position = { topicId: "topic", partition: 0, offset: offset++ };
    return member.database.apply({ position, key: "hall", writes, mark: true });
  };
  const read = (): Promise<WrittenRatesheet | undefined> =>
    member.database.ratesheetOf("hall config", draftStart(metric().hour));
  const marks = (): Promise<number> => surge.database.collection("processed_events").countDocuments();

  test.each(ascending)("writes over %o with %o, and never the other way round", async (older, newer) => {
    expect(await write(older, 20, undefined)).toBe("applied");
    expect(await write(newer, 30, await read())).toBe("applied");
    expect(demandOf(await surge.draft())).toBe(30);
    expect(await surge.params()).toMatchObject({ currentDemand: 30, metricOrder: newer });

    const before = [await surge.draft(), await surge.params()];
    expect(await write(older, 40, await read())).toBe("stale");
    expect([await surge.draft(), await surge.params()]).toEqual(before);
    // The same again was done.
    expect(await write(newer, 30, await read())).toBe("applied");
    expect([await surge.draft(), await surge.params()]).toEqual(before);
  });

  test("inserts no second ratesheet where there is one, and writes over none that was not read", async () => {
    const [[older, newer]] = ascending as [(typeof ascending)[number]];
    await write(older, 20, undefined);
    expect(await write(newer, 30, undefined)).toBe("stale");
    expect(demandOf(await surge.draft())).toBe(20);
    expect(await surge.database.collection("ratesheets").countDocuments()).toBe(1);
    expect(await marks()).toBe(1);
  });

  test.each([
    { what: "approves it", change: { $set: { approvalStatus: "APPROVED" } } },
    { what: "rejects it", change: { $set: { approvalStatus: "REJECTED" } } },
    { what: "sets another multiplier", change: { $set: { surgeMultiplierSnapshot: 1.5 } } },
    { what: "changes its end", change: { $set: { effectiveTo: new Date(0) } } },
    { what: "switches it off", change: { $set: { isActive: false } } },
    { what: "changes its priority", change: { $inc: { priority: 1 } } },
    { what: "has it apply to another", change: { $set: { "appliesTo.entityId": "yard" } } },
    { what: "changes what it came from", change: { $set: { "demandSupplySnapshot.supply": 11 } } },
    { what: "notes something in there", change: { $set: { "demandSupplySnapshot.note": "mine" } } },
    { what: "touches it", change: { $set: { updatedAt: new Date() } } },
    { what: "takes a field away", change: { $unset: { conflictResolution: "" } } },
  ])("leaves a draft as it is when a person $what after it was read", async ({ change }) => {
    const [[older, newer]] = ascending as [(typeof ascending)[number]];
    await write(older, 20, undefined);
    const asRead = await read();
    await surge.database.collection("ratesheets").updateOne({}, change);
    const edited = await surge.draft();
    expect(await write(newer, 30, asRead)).toBe("stale");
    expect(await surge.draft()).toEqual(edited);
    expect(await marks()).toBe(1);
    expect((await read())?.edited === true || (await read())?.approvalStatus !== "DRAFT").toBe(true);
  });

  test.each([
    { change: { $set: { approvalStatus: "APPROVED" } }, reason: "ratesheetNotDraft" },
    { change: { $set: { surgeMultiplierSnapshot: 1.5 } }, reason: "ratesheetEdited" },
  ])("says $reason of a draft that was written and has changed since", async ({ change, reason }) => {
    const apply = applyMetric("topic", member);
    await apply({ metric: metric(), partition: 0, offset: 1 });
    await surge.database.collection("ratesheets").updateOne({}, change);
    const changed = await surge.draft();
    await apply({ metric: metric({ bookingsCount: 30, demandPressure: 30 }), partition: 0, offset: 2 });
    expect(await surge.draft()).toEqual(changed);
    expect(surge.log.at(-1)).toContain(reason);
    expect([...member.counters.skipped]).toEqual([[reason, 1]]);
    expect(await surge.params()).toMatchObject({ currentDemand: 30 });
    expect(await marks()).toBe(2);
  });

  test("a draft that a person deleted comes back with the next revision", async () => {
    const apply = applyMetric("topic", member);
    await apply({ metric: metric(), partition: 0, offset: 1 });
    await surge.database.collection("ratesheets").deleteMany({});
    await apply({ metric: metric({ bookingsCount: 30, demandPressure: 30 }), partition: 0, offset: 2 });
    expect(demandOf(await surge.draft())).toBe(30);
    expect(member.counters.multipliers.value.count).toBe(2);
  });

  test("copies the operator's baseline as it is when it is overwritten, whoever changes it meanwhile", async () => {
    const history = { historicalAvgPressure: 5, historySamples: 3 };
    const [[older, newer]] = ascending as [(typeof ascending)[number]];
    const configs = surge.database.collection<{ _id: string } & Document>("surge_configs");
    const [row] = await member.database.configsOf("SUBLOCATION", "hall");
    if (row?.reading.valid !== true) throw new Error("the hall has no config");
    const demand = { ...demandSnapshot(metric(history), 0), order: older };
    const config = row.reading;
    const decision = decide({ ...member, demand, config, now: 1_000, previousMultiplier: undefined });
    await configs.updateOne(
      { _id: "hall config" },
      { $set: { "demandSupplyParams.historicalAvgPressure": 12 } },
    );
    const { baselineAsRead } = row;
    const writes = decisionWrites(config.config, decision, { draft: undefined, baselineAsRead });
    const position = { topicId: "topic", partition: 0, offset: offset++ };
    expect(await member.database.apply({ position, key: "hall", writes, mark: true })).toBe("stale");
    expect(await surge.params()).toEqual({ currentSupply: 10, historicalAvgPressure: 12 });

    await surge.database.collection("ratesheets").deleteMany({});
    expect(await write(older, 20, undefined, history)).toBe("applied");
    expect(await surge.params()).toMatchObject({ historicalAvgPressure: 5, manualHistoricalAvgPressure: 12 });
    expect(await write(newer, 30, await read(), { ...history, historicalAvgPressure: 6 })).toBe("applied");
    expect(await surge.params()).toMatchObject({ historicalAvgPressure: 6, manualHistoricalAvgPressure: 12 });
  });

  test("a config whose numbers are of other types of BSON's is priced like any other", async () => {
    await surge.database.collection<{ _id: string } & Document>("surge_configs").updateOne(
      { _id: "hall config" },
      {
        $set: {
          priority: Long.fromNumber(7),
          demandSupplyParams: { currentSupply: decimal("10"), historicalAvgPressure: decimal("0.1") },
          surgeParams: { alpha: decimal("0.2"), maxMultiplier: new Double(3), minMultiplier: new Int32(1) },
        },
      },
    );
    const apply = applyMetric("topic", member);
    const history = { historicalAvgPressure: 5, historySamples: 3 };
    await apply({ metric: metric(), partition: 0, offset: 1 });
    // 1 + 0.2 ln(20 / 0.1)
    expect((await surge.draft())?.["surgeMultiplierSnapshot"]).toBeCloseTo(2.0597, 4);
    await apply({ metric: metric(history), partition: 0, offset: 2 });
    expect(await surge.draft()).toMatchObject({ priority: 10_007, demandSupplySnapshot: { supply: 10 } });
    expect((await surge.draft())?.["surgeMultiplierSnapshot"]).toBeCloseTo(1.2773, 4);
    // The operator's own number, as it was.
    expect(await surge.params()).toMatchObject({
      historicalAvgPressure: 5,
      manualHistoricalAvgPressure: decimal("0.1"),
    });
    // It is what counts once there is no history any more.
    await apply({ metric: metric(), partition: 0, offset: 3 });
    expect((await surge.draft())?.["surgeMultiplierSnapshot"]).toBeCloseTo(2.0597, 4);
  });

  test("a config that is deleted while it is decided gets nothing, and holds nothing up", async () => {
    const { database } = member;
    let deletes = true;
    const deleting: SurgeStore = {
      healthy: true,
      locationOf: async () => undefined,
      capacitiesOf: async () => new Map(),
      multiplierBefore: async () => undefined,
      isApplied: async () => false,
      appliedOrderOf: async () => undefined,
      configsOf: (...asked) => database.configsOf(...asked),
      ratesheetOf: async () => {
        if (deletes) await surge.database.collection("surge_configs").deleteMany({});
        deletes = false;
        return undefined;
      },
      apply: (effect) => database.apply(effect),
      close: async () => undefined,
    };
    await applyMetric("topic", { ...member, database: deleting })({
      metric: metric(),
      partition: 0,
      offset: 1,
    });
    expect(await marks()).toBe(1);
    expect(await surge.database.collection("surge_configs").countDocuments()).toBe(0);
  });

  test("other ratesheets live beside the drafts, and keep their own keys", async ({ skip }) => {
    const ratesheets = surge.database.collection("ratesheets");
    const effectiveFrom = new Date(draftStart(metric().hour));
    const byHand = { type: "BASE", effectiveFrom, approvalStatus: "DRAFT" };
    await ratesheets.insertMany([{ ...byHand }, { ...byHand, effectiveFrom: null }]);
    const twice = await ratesheets.insertOne({ ...byHand }).catch((error: unknown) => error);
    skip(twice instanceof MongoServerError, "this MongoDB takes partial indexes for whole ones");
    const apply = applyMetric("topic", member);
    await apply({ metric: metric(), partition: 0, offset: 1 });
    await apply({ metric: metric({ bookingsCount: 30, demandPressure: 30 }), partition: 0, offset: 2 });
    expect(await ratesheets.countDocuments({ surgeConfigId: { $exists: true } })).toBe(1);
    expect(await ratesheets.countDocuments({ type: "BASE", materialized: { $exists: false } })).toBe(3);
    await expect(
      ratesheets.insertOne({ surgeConfigId: "hall config", effectiveFrom, approvalStatus: "DRAFT" }),
    ).rejects.toMatchObject({ code: 11_000 });
  });
});
