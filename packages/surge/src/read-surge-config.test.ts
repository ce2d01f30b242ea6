import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSurgeConfig } from "./read-surge-config.ts";

const objectId = (hex: string) => ({ toHexString: () => hex });
const document = (change: object = {}): object => ({
  _id: "c1",
  isActive: true,
  appliesTo: { level: "SUBLOCATION", entityId: "hall" },
  ...change,
});
const config = (change?: object) => {
  const reading = readSurgeConfig(document(change));
  if (!reading.valid) throw new Error(reading.problem);
  return reading.config;
};

describe("readSurgeConfig", () => {
  test("fills in what a document leaves out", () => {
    expect(config()).toEqual({
      surgeConfigId: "c1",
      isActive: true,
      appliesTo: { level: "SUBLOCATION", entityId: "hall" },
      effectiveFrom: null,
      effectiveTo: null,
      timeWindows: [],
      priority: 0,
      demandSupplyParams: {},
      surgeParams: { alpha: 0.3, minMultiplier: 0.75, maxMultiplier: 1.8, emaAlpha: 0.3 },
    });
  });

  test("takes null for what is left out", () => {
    const nulls = {
      effectiveFrom: null,
      effectiveTo: null,
      timeWindows: null,
      priority: null,
      demandSupplyParams: { currentDemand: null, currentSupply: null, historicalAvgPressure: null },
      surgeParams: { alpha: null },
    };
    expect(config(nulls)).toEqual(config());
  });

  test("keeps what it reads, ids with their type", () => {
    const surgeConfigId = objectId("65a9876543210fedcba98765");
    const entityId = objectId("65a1111111111111111111aa");
    const given = {
      surgeConfigId,
      name: "Evenings",
      isActive: true,
      appliesTo: { level: "LOCATION" as const, entityId },
      effectiveFrom: new Date(0),
      effectiveTo: new Date(1),
      timeWindows: [{ daysOfWeek: [0, 6], startTime: "18:00", endTime: "24:00" }],
      priority: 7,
      demandSupplyParams: { currentDemand: 1, currentSupply: 2, historicalAvgPressure: 3 },
      surgeParams: { alpha: 0, minMultiplier: 1, maxMultiplier: 1, emaAlpha: 1 },
    };
    const read = config({ ...given, _id: surgeConfigId, createdBy: "someone" });
    expect(read).toEqual(given);
    expect(read.surgeConfigId).toBe(surgeConfigId);
    expect(read.appliesTo.entityId).toBe(entityId);
  });

  test("tells a manual baseline that is null from one that does not exist", () => {
    expect(config({ demandSupplyParams: { manualHistoricalAvgPressure: null } }).demandSupplyParams).toEqual({
      manualHistoricalAvgPressure: null,
    });
    expect(config({ demandSupplyParams: {} }).demandSupplyParams).not.toHaveProperty(
      "manualHistoricalAvgPressure",
    );
  });

  test.each([
    [{ alpha: -0.1 }, "surgeParams.alpha is -0.1; it must be 0 or more"],
    [{ alpha: Number.NaN }, "surgeParams.alpha is NaN"],
    [{ alpha: "0.3" }, 'surgeParams.alpha is "0.3"; it must be a number'],
    [{ minMultiplier: -1 }, "surgeParams.minMultiplier is -1"],
    [{ minMultiplier: 2 }, "surgeParams.maxMultiplier is missing; it must be 2, the minMultiplier, or more"],
    [{ minMultiplier: 1.5, maxMultiplier: 1.2 }, "surgeParams.maxMultiplier is 1.2"],
    [{ maxMultiplier: Number.POSITIVE_INFINITY }, "surgeParams.maxMultiplier is Infinity"],
    [{ emaAlpha: 0 }, "surgeParams.emaAlpha is 0"],
    [{ emaAlpha: 1.1 }, "surgeParams.emaAlpha is 1.1"],
    ["strong", "surgeParams is not an object"],
  ])("calls the surgeParams %o invalid", (surgeParams, problem) => {
    expect(readSurgeConfig(document({ surgeParams }))).toMatchObject({
      valid: false,
      surgeConfigId: "c1",
      reason: "invalidSurgeParams",
      problem: expect.stringContaining(problem),
    });
  });

  test.each([
    [{ appliesTo: { level: "VENUE", entityId: "hall" } }, 'appliesTo.level is "VENUE"'],
    [{ appliesTo: { level: "LOCATION" } }, "appliesTo.entityId is missing"],
    [{ effectiveFrom: "2026-01-01" }, 'effectiveFrom is "2026-01-01"; it must be a date or null'],
    [{ effectiveTo: new Date("never") }, "effectiveTo is an invalid date"],
    [{ timeWindows: {} }, "timeWindows is an object; it must be an array"],
    [{ timeWindows: [{ startTime: "9:00", endTime: "10:00" }] }, 'timeWindows.0.startTime is "9:00"'],
    [{ timeWindows: [{ startTime: "24:00", endTime: "10:00" }] }, 'timeWindows.0.startTime is "24:00"'],
    [{ timeWindows: [{ startTime: "09:00", endTime: "10:60" }] }, 'timeWindows.0.endTime is "10:60"'],
    [
      { timeWindows: [{ daysOfWeek: [7], startTime: "09:00", endTime: "10:00" }] },
      "timeWindows.0.daysOfWeek is",
    ],
    [{ priority: Number.NaN }, "priority is NaN"],
    [{ demandSupplyParams: { currentSupply: "5" } }, 'demandSupplyParams.currentSupply is "5"'],
    [{ _id: 5 }, "_id is 5"],
  ])("calls %o invalid", (change, problem) => {
    expect(readSurgeConfig(document(change))).toMatchObject({
      valid: false,
      reason: "invalidConfig",
      problem: expect.stringContaining(problem),
    });
  });

  test("never throws", () => {
    const thrower = {
      get _id(): string {
        throw new Error("no");
      },
    };
    expect(readSurgeConfig(thrower)).toMatchObject({ valid: false, problem: "no" });
    const field = fc.oneof(fc.anything(), fc.constant("c1"));
    const documents = fc.record(
      {
        _id: field,
        appliesTo: fc.oneof(fc.anything(), fc.constant({ level: "LOCATION", entityId: "house" })),
        timeWindows: fc.anything(),
        demandSupplyParams: fc.anything(),
        surgeParams: fc.anything(),
        effectiveFrom: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), documents), (anything) => {
        expect(readSurgeConfig(anything)).toHaveProperty("valid");
      }),
    );
  });
});
