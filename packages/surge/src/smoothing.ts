import { clamp } from "./clamp.ts";
import { requireFinite } from "./require-finite.ts";
import type { SurgeParams } from "./surge-params.ts";

/** What stands between the formula and the price; by default nothing. Distances in multiplier points: 0.1 is 10 %. */
export interface SmoothingSettings {
  /** ema: `emaAlpha × factor + (1 − emaAlpha) × previous`. */
  readonly smoothing: "none" | "ema";
  /** A factor closer than this to the previous multiplier leaves that as it is. */
  readonly deadband: number | undefined;
  /** How far a multiplier may be from the previous one, above 0. */
  readonly maxStep: number | undefined;
}

/** A step that changed a multiplier on its way from the factor. */
export type Adjustment = "ema" | "deadband" | "maxStep";

/** A multiplier after smoothing, and what changed it. */
export interface SmoothedMultiplier {
  readonly multiplier: number;
  /** In the order in which they were applied. */
  readonly adjustments: readonly Adjustment[];
}

/**
 * Deadband, then EMA, then maximum step, each against the config's previous multiplier (undefined: there is none, so
 * nothing is smoothed). The deadband looks at the factor, not at its average: else a slow average would never leave
 * it. The result is within [minMultiplier, maxMultiplier] even if a narrowed range makes a longer step of it.
 * Throws a MillraceError NOT_FINITE for NaN and infinite inputs.
 */
export const smoothedMultiplier = (
  factor: number,
  previous: number | undefined,
  params: SurgeParams,
  { smoothing, deadband = 0, maxStep }: SmoothingSettings,
): SmoothedMultiplier => {
  requireFinite({ factor, ...(previous !== undefined && { previous }) });
  if (previous === undefined) return { multiplier: clamp(factor, params), adjustments: [] };
  if (factor !== previous && Math.abs(factor - previous) < deadband)
    return { multiplier: clamp(previous, params), adjustments: ["deadband"] };
  const adjustments: Adjustment[] = [];
  let multiplier = factor;
  if (smoothing === "ema") {
    multiplier = params.emaAlpha * factor + (1 - params.emaAlpha) * previous;
    adjustments.push("ema");
  }
  if (maxStep !== undefined && Math.abs(multiplier - previous) > maxStep) {
    multiplier = previous + Math.sign(multiplier - previous) * maxStep;
    adjustments.push("maxStep");
  }
  return { multiplier: clamp(multiplier, params), adjustments };
};
