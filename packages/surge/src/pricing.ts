import type { EffectWrite } from "@millrace/mongo";
import type { Log } from "@millrace/streams";
import { decide } from "./decide.ts";
import type { Decision } from "./decision.ts";
import type { DecisionJournal } from "./decision-journal.ts";
import { decisionLog } from "./decision-log.ts";
import { decisionWrites } from "./decision-writes.ts";
import type { DemandSnapshot } from "./demand-snapshot.ts";
import type { DraftMemory } from "./draft-memory.ts";
import { draftStart } from "./draft-ratesheet.ts";
import type { SurgeConfigReading } from "./read-surge-config.ts";
import type { AppliesTo } from "./surge-config.ts";
import type { SurgeCounters } from "./surge-counters.ts";
import type { SurgePolicy } from "./surge-policy.ts";
import type { ConfigRow, SurgeStore } from "./surge-store.ts";

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
  readonly drafts: DraftMemory;
  readonly journal: DecisionJournal;
}

/** What one config made of a demand, and what is to be written of it. */
export interface Priced {
  readonly reading: SurgeConfigReading;
  readonly decision: Decision;
  readonly writes: readonly EffectWrite[];
}

/** Decides what the configs of an entity make of its demand. With surge off nobody's are looked at. */
export const priced = async (
  options: PricingOptions,
  level: AppliesTo["level"],
  entityId: string,
  demand: DemandSnapshot,
): Promise<readonly Priced[]> => {
  const { database, policy } = options;
  if (database === undefined || !policy.enabled) return [];
  const rows = await database.configsOf(level, entityId);
  return Promise.all(rows.map((row) => pricedBy(options, database, row, demand)));
};

const pricedBy = async (
  { policy, timeZone, now, drafts }: PricingOptions,
  database: SurgeStore,
  { reading, paramsOrder, baselineAsRead }: ConfigRow,
  demand: DemandSnapshot,
): Promise<Priced> => {
  const effectiveFrom = draftStart(demand.hour);
  const id = reading.valid ? reading.config.surgeConfigId : undefined;
  const draft =
    id === undefined
      ? undefined
      : (drafts.get(id, effectiveFrom) ?? (await database.ratesheetOf(id, effectiveFrom)));
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
  return {
    reading,
    decision,
    writes: reading.valid ? decisionWrites(reading.config, decision, { draft, baselineAsRead }) : [],
  };
};

/** Logs and counts decisions that stand, and remembers the drafts that were written. */
export const settled = (
  { policy, counters, log, drafts, journal, now }: PricingOptions,
  { hour }: DemandSnapshot,
  all: readonly Priced[],
): void => {
  for (const { reading, decision } of all) {
    const entry = decisionLog({ config: reading, hour, decision, dryRun: policy.dryRun });
    log("info", entry.message, entry.fields);
    journal.add(entry, decision.outcome, now());
    if (decision.outcome === "draft") {
      counters.multipliers.add(decision.inputs.multiplier);
      if (!policy.dryRun) drafts.remember(decision.draft);
    } else counters.skipped.set(decision.reason, (counters.skipped.get(decision.reason) ?? 0) + 1);
  }
};

/** Of decisions that do not stand nothing is remembered: they are made anew from what is in the database. */
export const discarded = (
  { drafts }: PricingOptions,
  { hour }: DemandSnapshot,
  all: readonly Priced[],
): void => {
  for (const { reading } of all)
    if (reading.valid) drafts.forget(reading.config.surgeConfigId, draftStart(hour));
};
