import { setTimeout as sleep } from "node:timers/promises";
import type { Effect, EffectWrite, Outcome } from "@millrace/mongo";
import type { DemandSnapshot } from "./demand-snapshot.ts";
import { discarded, priced, type PricingOptions, settled } from "./pricing.ts";
import type { AppliesTo } from "./surge-config.ts";

/** Somebody else can have written meanwhile, once or twice; so often in a row is worth a line. */
const remarkable = 10;
const longestPauseMs = 1_000;

export interface Pricing {
  readonly level: AppliesTo["level"];
  readonly entityId: string;
  readonly demand: DemandSnapshot;
  /** What is to be applied, with these writes in it; undefined: nothing. Never asked in a dry run. */
  readonly effectOf: (writes: readonly EffectWrite[]) => Effect | undefined;
}

/**
 * Prices a demand and applies what comes of it. Where what it was decided from has changed before it was written, by a
 * person, or by a member that was taken for dead, it is decided anew: a newer decision is there, the ratesheet is no
 * DRAFT any more, somebody edited it, or now it can be written. Resolves when MongoDB has it.
 */
export const priceAndApply = async (
  options: PricingOptions,
  { level, entityId, demand, effectOf }: Pricing,
): Promise<Outcome> => {
  const { database, policy, log } = options;
  for (let tries = 1; ; tries++) {
    const all = await priced(options, level, entityId, demand);
    const effect =
      database === undefined || policy.dryRun ? undefined : effectOf(all.flatMap(({ writes }) => writes));
    const outcome = effect === undefined ? "applied" : await database?.apply(effect);
    if (outcome !== "stale") {
      if (outcome !== "repeated") settled(options, demand, all);
      return outcome ?? "applied";
    }
    discarded(options, demand, all);
    if (tries % remarkable === 0)
      log("warn", `what ${level} "${entityId}" is decided by changes while it is decided; trying on`, {
        entityId,
        tries,
      });
    await sleep(Math.min(longestPauseMs, 2 ** tries) * Math.random());
  }
};
