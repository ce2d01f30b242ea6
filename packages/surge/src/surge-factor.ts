import { MillraceError } from "@millrace/streams";
import { clamp } from "./clamp.ts";
import { requireFinite } from "./require-finite.ts";
import type { SurgeParams } from "./surge-params.ts";

/** What the surge factor follows from. */
export interface SurgeFactorInputs {
  /** Bookings per 100 of capacity, 0 or more. */
  readonly demandPressure: number;
  /** What that pressure is measured against, above 0. */
  readonly historicalAvgPressure: number;
  readonly params: Pick<SurgeParams, "alpha" | "minMultiplier" | "maxMultiplier">;
}

/**
 * `clamp(1 + alpha × ln(demandPressure / historicalAvgPressure), minMultiplier, maxMultiplier)`, not rounded. Zero
 * pressure gives the floor, whatever alpha. Throws a MillraceError: NOT_FINITE for NaN and infinite inputs,
 * OUT_OF_RANGE for a negative pressure or an average that is not above 0.
 */
export const surgeFactor = ({ demandPressure, historicalAvgPressure, params }: SurgeFactorInputs): number => {
  const { alpha, minMultiplier, maxMultiplier } = params;
  requireFinite({ demandPressure, historicalAvgPressure, alpha, minMultiplier, maxMultiplier });
  if (demandPressure < 0 || historicalAvgPressure <= 0)
    throw new MillraceError(
      `demandPressure is ${demandPressure} and historicalAvgPressure ${historicalAvgPressure}: ` +
        "the one must not be negative, the other must be above 0",
      { code: "OUT_OF_RANGE" },
    );
  if (demandPressure === 0) return minMultiplier;
  // The quotient of extreme pressures may be 0 or infinite, which alpha 0 would make NaN.
  const reaction = alpha === 0 ? 0 : alpha * Math.log(demandPressure / historicalAvgPressure);
  return clamp(1 + reaction, params);
};
