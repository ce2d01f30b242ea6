import type { SurgeParams } from "./surge-params.ts";

/** The multiplier, or the nearer end of [minMultiplier, maxMultiplier]. */
export const clamp = (
  multiplier: number,
  { minMultiplier, maxMultiplier }: Pick<SurgeParams, "minMultiplier" | "maxMultiplier">,
): number => Math.min(maxMultiplier, Math.max(minMultiplier, multiplier));
