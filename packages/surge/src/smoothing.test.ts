import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { smoothedMultiplier, type SmoothingSettings } from "./smoothing.ts";
import { defaultSurgeParams } from "./surge-params.ts";

const off: SmoothingSettings = { smoothing: "none", deadband: undefined, maxStep: undefined };
const smoothed = (factor: number, previous: number | undefined, settings: Partial<SmoothingSettings> = {}) =>
  smoothedMultiplier(factor, previous, defaultSurgeParams, { ...off, ...settings });

describe("smoothedMultiplier", () => {
  test("is the factor unless asked for", () => {
    expect(smoothed(1.7577, 1)).toEqual({ multiplier: 1.7577, adjustments: [] });
  });

  test("is the factor where nothing went before", () => {
    const all = { smoothing: "ema", deadband: 1, maxStep: 0.01 } as const;
    expect(smoothed(1.5, undefined, all)).toEqual({ multiplier: 1.5, adjustments: [] });
  });

  test("weighs the factor with emaAlpha", () => {
    const { multiplier, adjustments } = smoothed(1.5, 1, { smoothing: "ema" });
    expect(multiplier).toBeCloseTo(1.15, 12);
    expect(adjustments).toEqual(["ema"]);
  });

  test("keeps the previous multiplier inside the deadband, end exclusive", () => {
    expect(smoothed(1.125, 1, { deadband: 0.25 })).toEqual({ multiplier: 1, adjustments: ["deadband"] });
    expect(smoothed(1.25, 1, { deadband: 0.25 })).toEqual({ multiplier: 1.25, adjustments: [] });
  });

  test("leaves the deadband under EMA, however slow the average", () => {
    const { multiplier } = smoothed(1.5, 1, { smoothing: "ema", deadband: 0.25 });
    expect(multiplier).toBeCloseTo(1.15, 12);
  });

  test("goes no further than the maximum step, either way", () => {
    expect(smoothed(1.75, 1, { maxStep: 0.25 })).toEqual({ multiplier: 1.25, adjustments: ["maxStep"] });
    expect(smoothed(0.75, 1.5, { maxStep: 0.25 })).toEqual({ multiplier: 1.25, adjustments: ["maxStep"] });
    expect(smoothed(1.25, 1, { maxStep: 0.25 })).toEqual({ multiplier: 1.25, adjustments: [] });
  });

  test("comes back into a range that was narrowed, also from the deadband and by a longer step", () => {
    expect(smoothed(1.8, 2, { deadband: 0.5 }).multiplier).toBe(1.8);
    expect(smoothed(1.8, 3, { maxStep: 0.25 }).multiplier).toBe(1.8);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %s", (bad) => {
    const refusal = expect.objectContaining({ code: "NOT_FINITE" });
    expect(() => smoothed(bad, 1)).toThrow(refusal);
    expect(() => smoothed(1, bad)).toThrow(refusal);
  });

  test("never leaves the range", () => {
    const number = fc.double({ min: -10, max: 10, noNaN: true });
    const settings = fc.record({
      smoothing: fc.constantFrom("none" as const, "ema" as const),
      deadband: fc.option(fc.double({ min: 0, max: 2, noNaN: true }), { nil: undefined }),
      maxStep: fc.option(fc.double({ min: 0.01, max: 2, noNaN: true }), { nil: undefined }),
    });
    fc.assert(
      fc.property(number, fc.option(number, { nil: undefined }), settings, (factor, previous, asked) => {
        const { multiplier } = smoothed(factor, previous, asked);
        expect(multiplier).toBeGreaterThanOrEqual(0.75);
        expect(multiplier).toBeLessThanOrEqual(1.8);
      }),
    );
  });
});
