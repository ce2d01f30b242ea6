import type { Writable } from "./effect-target.ts";
import type { EffectWrite } from "./effect.ts";

/**
 * Of writes to one collection that went there together, those that had to be done and were not. `changed`: how many
 * documents they changed in all; the server does not say which, so it is asked for proofs only where some are missing.
 */
export const unproven = async (
  target: Writable,
  writes: readonly EffectWrite[],
  changed: number,
): Promise<readonly EffectWrite[]> => {
  if (changed >= writes.length) return [];
  const missing: EffectWrite[] = [];
  // One after the other: a session knows no other way.
  for (const write of writes)
    if (write.proof !== undefined && (await target.find(write.collection, write.proof)).length === 0)
      missing.push(write);
  return missing;
};
