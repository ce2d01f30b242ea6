import { hours } from "@millrace/streams";
import { describe, expect, test } from "vitest";
import { decide, type DecideInputs } from "./decide.ts";
import type { DemandSnapshot } from "./demand-snapshot.ts";
import { metricOrder } from "./metric-order.ts";
import { readSurgeConfig } from "./read-surge-config.ts";

const hour = Date.parse("2026-03-02T22:00:00Z");
const now = Date.parse("2026-03-05T00:00:00Z");
const orderOf = (final: boolean, timestamp: number, offset: number, at = hour) =>
  metricOrder(at, [{ final, timestamp, offset }]);
const order = orderOf(false, hour + 60_000, 7);

const demand = (change: Partial<DemandSnapshot> = {}): DemandSnapshot => ({
  hour,
  bookingsCount: 15,
  availableCapacity: 100,
  demandPressure: 15,
  historicalAvgPressure: 1.2,
  historySamples: 4,
  timestamp: hour + 60_000,
  order,
  ...change,
});
const config = (change: object = {}) =>
  readSurgeConfig({
    _id: "c1",
    isActive: true,
    appliesTo: { level: "SUBLOCATION", entityId: "hall" },
    priority: 5,
    demandSupplyParams: { currentSupply: 40, manualHistoricalAvgPressure: 3 },
    ...change,
  });
const policy: DecideInputs["policy"] = {
  enabled: true,
  dryRun: false,
  smoothing: "none",
  deadband: undefined,
  maxStep: undefined,
};
const decided = (change: Partial<DecideInputs> = {}) =>
  decide({
    demand: demand(),
    config: config(),
    now,
    timeZone: "UTC",
    policy,
    previousMultiplier: undefined,
    ...change,
  });
const multiplier = 1 + 0.3 * Math.log(15 / 1.2);

describe("decide", () => {
  test("drafts the next hour, also over midnight and long after", () => {
    expect(decided()).toEqual({
      outcome: "draft",
      params: { currentDemand: 15, historicalAvgPressure: 1.2, order },
      draft: {
        ratesheet: {
          type: "SURGE_MULTIPLIER",
          approvalStatus: "DRAFT",
          isActive: true,
          appliesTo: { level: "SUBLOCATION", entityId: "hall" },
          priority: 10_005,
          conflictResolution: "PRIORITY",
          effectiveFrom: new Date("2026-03-02T23:00:00Z"),
          effectiveTo: new Date("2026-03-03T00:00:00Z"),
          surgeConfigId: "c1",
          surgeMultiplierSnapshot: multiplier,
          demandSupplySnapshot: {
            demand: 15,
            supply: 40,
            pressure: 15,
            historicalAvgPressure: 1.2,
            timestamp: new Date(hour + 60_000),
          },
          createdAt: new Date(now),
          updatedAt: new Date(now),
        },
        order,
      },
      inputs: {
        demand: 15,
        supply: 40,
        capacity: 100,
        pressure: 15,
        historicalAvgPressure: 1.2,
        baselineSource: "history",
        historySamples: 4,
        alpha: 0.3,
        minMultiplier: 0.75,
        maxMultiplier: 1.8,
        factor: multiplier,
        previousMultiplier: undefined,
        adjustments: [],
        multiplier,
      },
    });
  });

  test("rolls the draft of 23:00 to the next day", () => {
    expect(decided({ demand: demand({ hour: hour + hours(1) }) })).toMatchObject({
      draft: {
        ratesheet: {
          effectiveFrom: new Date("2026-03-03T00:00:00Z"),
          effectiveTo: new Date("2026-03-03T01:00:00Z"),
        },
      },
    });
  });

  test("never writes the supply", () => {
    expect(decided()).not.toHaveProperty("params.currentSupply");
  });

  test("uses the operator's baseline with little history, and writes none", () => {
    const found = decided({ demand: demand({ historySamples: 2 }) });
    expect(found).toMatchObject({ outcome: "draft", inputs: { baselineSource: "operator" } });
    expect(found).toHaveProperty("params", { currentDemand: 15, order });
    expect(found).toHaveProperty("draft.ratesheet.demandSupplySnapshot.historicalAvgPressure", 3);
  });

  test("prices an empty hour at the floor", () => {
    expect(decided({ demand: demand({ bookingsCount: 0, demandPressure: 0 }) })).toMatchObject({
      inputs: { multiplier: 0.75 },
    });
  });

  test("sets demand but drafts nothing without a baseline", () => {
    const cold = { demand: demand({ historySamples: 0, historicalAvgPressure: null }) };
    const bare = config({ demandSupplyParams: { currentSupply: 40 } });
    expect(decided({ ...cold, config: bare })).toEqual({
      outcome: "params",
      params: { currentDemand: 15, order },
      reason: "noBaseline",
    });
    expect(decided({ ...cold, config: bare, written: { params: order } })).toEqual({
      outcome: "skipped",
      reason: "noBaseline",
    });
  });

  test("smooths if asked to", () => {
    const ema = { ...policy, smoothing: "ema" as const, maxStep: 0.1 };
    expect(decided({ policy: ema, previousMultiplier: 1 })).toMatchObject({
      inputs: { factor: multiplier, previousMultiplier: 1, adjustments: ["ema", "maxStep"], multiplier: 1.1 },
      draft: { ratesheet: { surgeMultiplierSnapshot: 1.1 } },
    });
  });

  test("smooths against nothing if the previous multiplier is no number", () => {
    const ema = { ...policy, smoothing: "ema" as const };
    expect(decided({ policy: ema, previousMultiplier: Number.NaN })).toMatchObject({
      inputs: { previousMultiplier: undefined, multiplier },
    });
  });

  test.each<[string, Partial<DecideInputs>]>([
    ["surgeDisabled", { policy: { ...policy, enabled: false } }],
    ["inactive", { config: config({ isActive: false }) }],
    ["unknownCapacity", { demand: demand({ availableCapacity: 0, demandPressure: 0 }) }],
    ["outsideEffectiveDates", { config: config({ effectiveTo: new Date("2026-03-02T23:00:00Z") }) }],
    ["outsideTimeWindows", { config: config({ timeWindows: [{ startTime: "22:00", endTime: "23:00" }] }) }],
    ["noSupply", { config: config({ demandSupplyParams: {} }) }],
    ["noSupply", { config: config({ demandSupplyParams: { currentSupply: 0 } }) }],
    ["noSupply", { config: config({ demandSupplyParams: { currentSupply: Number.NaN } }) }],
  ])("skips with %s", (reason, change) => {
    expect(decided(change)).toEqual({ outcome: "skipped", reason });
  });

  test("says what is wrong with surgeParams", () => {
    expect(decided({ config: config({ surgeParams: { alpha: -1 } }) })).toEqual({
      outcome: "skipped",
      reason: "invalidSurgeParams",
      problem: "surgeParams.alpha is -1; it must be 0 or more",
    });
  });

  test("tests windows at the draft's start, in the venue's zone", () => {
    const windowed = config({ timeWindows: [{ daysOfWeek: [2], startTime: "00:00", endTime: "01:00" }] });
    expect(decided({ config: windowed, timeZone: "Europe/Berlin" }).outcome).toBe("draft");
    expect(decided({ config: windowed }).outcome).toBe("skipped");
  });

  test("revises the draft of an hour that the config's params are past", () => {
    const written = { params: orderOf(false, 0, 0, hour + hours(1)) };
    expect(decided({ written })).toMatchObject({ outcome: "draft", params: undefined });
  });

  test("changes nothing by a repeated or an older metric", () => {
    for (const known of [order, orderOf(true, 0, 0), orderOf(false, hour + 60_000, 8)])
      expect(
        decided({ written: { params: known, draft: { approvalStatus: "DRAFT", order: known } } }),
      ).toEqual({ outcome: "skipped", reason: "olderMetric" });
  });

  test("writes a draft that is missing though the params are there", () => {
    expect(decided({ written: { params: order } })).toMatchObject({ outcome: "draft", params: undefined });
  });

  test("leaves an approved ratesheet alone, and still sets the params", () => {
    const draft = { approvalStatus: "APPROVED", order: orderOf(false, 0, 0) };
    expect(decided({ written: { draft } })).toMatchObject({
      outcome: "params",
      params: { currentDemand: 15 },
      reason: "ratesheetNotDraft",
    });
  });

  test.each([
    { demandPressure: Number.NaN },
    { demandPressure: Number.POSITIVE_INFINITY },
    { historicalAvgPressure: Number.NaN },
  ])("refuses %o, whatever the config", (bad) => {
    const disabled = { ...policy, enabled: false };
    expect(() => decided({ demand: demand(bad), policy: disabled })).toThrow(
      expect.objectContaining({ code: "NOT_FINITE" }),
    );
  });
});
