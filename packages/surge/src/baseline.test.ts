import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { baseline } from "./baseline.ts";
import type { DemandSupplyParams } from "./surge-config.ts";

const mean = (historicalAvgPressure: number | null, historySamples: number) => ({
  historicalAvgPressure,
  historySamples,
});
const byHistory = (pressure: number) => ({ pressure, source: "history" });
const byOperator = (pressure: number) => ({ pressure, source: "operator" });

describe("baseline", () => {
  test("is the history's from 3 samples", () => {
    const params = { historicalAvgPressure: 5, manualHistoricalAvgPressure: 4 };
    expect(baseline(mean(1.2, 3), params)).toEqual({
      used: byHistory(1.2),
      write: { historicalAvgPressure: 1.2 },
    });
    expect(baseline(mean(1.2, 2), params)).toEqual({ used: byOperator(4), write: {} });
  });

  test("saves the operator's own before it is first overwritten", () => {
    expect(baseline(mean(1.2, 3), { historicalAvgPressure: 5 }).write).toEqual({
      historicalAvgPressure: 1.2,
      manualHistoricalAvgPressure: 5,
    });
  });

  test("saves that there was none, so that its own is never taken for the operator's", () => {
    expect(baseline(mean(1.2, 3), {}).write).toEqual({
      historicalAvgPressure: 1.2,
      manualHistoricalAvgPressure: null,
    });
  });

  test.each([mean(null, 0), mean(0, 3), mean(-1, 3), mean(null, 3)])(
    "is the operator's, and nothing is written, at %o",
    (found) => {
      expect(baseline(found, { historicalAvgPressure: 5 })).toEqual({ used: byOperator(5), write: {} });
      expect(baseline(found, { historicalAvgPressure: 5, manualHistoricalAvgPressure: 4 })).toEqual({
        used: byOperator(4),
        write: {},
      });
    },
  );

  test.each<DemandSupplyParams>([
    {},
    { historicalAvgPressure: 0 },
    { historicalAvgPressure: -1 },
    { historicalAvgPressure: Number.NaN },
    { historicalAvgPressure: 5, manualHistoricalAvgPressure: null },
    { historicalAvgPressure: 5, manualHistoricalAvgPressure: 0 },
  ])("is missing without history at %o", (params) => {
    expect(baseline(mean(null, 0), params)).toEqual({ used: undefined, write: {} });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses a mean of %s", (bad) => {
    expect(() => baseline(mean(bad, 1), {})).toThrow(expect.objectContaining({ code: "NOT_FINITE" }));
  });

  test("never takes a written mean for the operator's, whatever comes", () => {
    const means = fc.array(
      fc.record({
        historicalAvgPressure: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
        historySamples: fc.nat(5),
      }),
    );
    const own = fc.option(fc.double({ min: 0.1, max: 100, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(means, own, (all, operators) => {
        let params: DemandSupplyParams = operators === undefined ? {} : { historicalAvgPressure: operators };
        for (const found of all) params = { ...params, ...baseline(found, params).write };
        expect(baseline(mean(null, 0), params).used?.pressure).toBe(operators);
      }),
    );
  });
});
