import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { surgeFactor } from "./surge-factor.ts";
import { defaultSurgeParams } from "./surge-params.ts";

const factor = (demandPressure: number, historicalAvgPressure: number, change = {}): number =>
  surgeFactor({ demandPressure, historicalAvgPressure, params: { ...defaultSurgeParams, ...change } });

const pressure = fc.double({ min: 0, max: 1e6, noNaN: true });
const average = fc.double({ min: 1e-6, max: 1e6, noNaN: true });

describe("surgeFactor", () => {
  test("is 1.7577 for 15 against 1.2", () => {
    expect(factor(15, 1.2)).toBeCloseTo(1.7577, 4);
    expect(factor(15, 1.2)).toBe(1 + 0.3 * Math.log(15 / 1.2));
  });

  test("is 1 at the average", () => {
    expect(factor(4, 4)).toBe(1);
  });

  test("stops at both ends", () => {
    expect(factor(1000, 1)).toBe(1.8);
    expect(factor(0.001, 1)).toBe(0.75);
  });

  test("is the floor at zero pressure, also with alpha 0", () => {
    expect(factor(0, 1.2)).toBe(0.75);
    expect(factor(0, 1.2, { alpha: 0 })).toBe(0.75);
  });

  test("does not react with alpha 0", () => {
    expect(factor(Number.MAX_VALUE, Number.MIN_VALUE, { alpha: 0 })).toBe(1);
    expect(factor(Number.MIN_VALUE, Number.MAX_VALUE, { alpha: 0 })).toBe(1);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    "refuses %s anywhere",
    (bad) => {
      const refusal = expect.objectContaining({ code: "NOT_FINITE" });
      expect(() => factor(bad, 1)).toThrow(refusal);
      expect(() => factor(1, bad)).toThrow(refusal);
      expect(() => factor(1, 1, { alpha: bad })).toThrow(refusal);
      expect(() => factor(1, 1, { minMultiplier: bad })).toThrow(refusal);
      expect(() => factor(1, 1, { maxMultiplier: bad })).toThrow("maxMultiplier is");
    },
  );

  test("refuses a negative pressure and an average that is not above 0", () => {
    const refusal = expect.objectContaining({ code: "OUT_OF_RANGE" });
    expect(() => factor(-1, 1)).toThrow(refusal);
    expect(() => factor(1, 0)).toThrow(refusal);
    expect(() => factor(1, -1)).toThrow(refusal);
  });

  test("never leaves the range and never falls as pressure rises", () => {
    fc.assert(
      fc.property(pressure, pressure, average, (one, other, mean) => {
        const low = factor(Math.min(one, other), mean);
        const high = factor(Math.max(one, other), mean);
        expect(low).toBeGreaterThanOrEqual(0.75);
        expect(high).toBeLessThanOrEqual(1.8);
        expect(low).toBeLessThanOrEqual(high);
      }),
    );
  });
});
