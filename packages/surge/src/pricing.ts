import type { EffectWrite } from "@millrace/mongo";
import type { Log } from "@millrace/streams";
import { decide } from "./decide.ts";
import { decisionLog } from "./decision-log.ts";
import { decisionWrites } from "./decision-writes.ts";
import type { DemandSnapshot } from "./demand-snapshot.ts";
import { draftStart } from "./draft-ratesheet.ts";
import type { SurgeCounters } from "./surge-counters.ts";
import type { ConfigRow, SurgeStore } from "./surge-store.ts";
import type { AppliesTo } from "./surge-config.ts";
import type { SurgePolicy } from "./surge-policy.ts";

export interface PricingOptions {
  /** Undefined: a dry run without a database, where nothing has a config. */
  readonly database: SurgeStore | undefined;
  readonly policy: SurgePolicy;
  /** IANA. */
  readonly timeZone: string;
  readonly counters: SurgeCounters;
  readonly log: Log;
  /** Wall clock, ms since the epoch. */
  readonly now: () => number;
}

/** The configs that price an entity. With surge off nobody's are looked at: metrics are history only. */
export const configsFor = async (
  { database, policy }: PricingOptions,
  level: AppliesTo["level"],
  entityId: string,
): Promise<readonly ConfigRow[]> =>
  database === undefined || !policy.enabled ? [] : database.configsOf(level, entityId);

/** Decides what an entity's configs make of its demand, logs each decision, and answers what is to be written. */
export const priced = async (
  options: PricingOptions,
  rows: readonly ConfigRow[],
  demand: DemandSnapshot,
): Promise<readonly EffectWrite[]> => {
  const { database } = options;
  if (database === undefined) return [];
  const writes = await Promise.all(rows.map((row) => pricedBy(options, database, row, demand)));
  return writes.flat();
};

const pricedBy = async (
  { policy, timeZone, counters, log, now }: PricingOptions,
  database: SurgeStore,
  { reading, paramsOrder }: ConfigRow,
  demand: DemandSnapshot,
): Promise<readonly EffectWrite[]> => {
  const effectiveFrom = draftStart(demand.hour);
  const id = reading.valid ? reading.config.surgeConfigId : undefined;
  const draft = id === undefined ? undefined : await database.ratesheetOf(id, effectiveFrom);
  const smooths =
    policy.smoothing !== "none" || policy.deadband !== undefined || policy.maxStep !== undefined;
  const previousMultiplier =
    id === undefined || !smooths ? undefined : await database.multiplierBefore(id, effectiveFrom);
  const decision = decide({
    demand,
    config: reading,
    now: now(),
    timeZone,
    policy,
    previousMultiplier,
    written: { params: paramsOrder, draft },
  });
  const { message, fields } = decisionLog({
    config: reading,
    hour: demand.hour,
    decision,
    dryRun: policy.dryRun,
  });
  log("info", message, fields);
  if (decision.outcome === "draft") counters.drafts++;
  else counters.skipped.set(decision.reason, (counters.skipped.get(decision.reason) ?? 0) + 1);
  return reading.valid ? decisionWrites(reading.config, decision, draft) : [];
};
