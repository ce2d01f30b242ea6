import { baseline, type UsedBaseline } from "./baseline.ts";
import type { Decision, DraftWrite, DecisionInputs, ParamsWrite } from "./decision.ts";
import type { DemandSnapshot } from "./demand-snapshot.ts";
import { draftRatesheet, draftStart } from "./draft-ratesheet.ts";
import { compareMetrics, type MetricOrder } from "./metric-order.ts";
import type { SurgeConfigReading } from "./read-surge-config.ts";
import { requireFinite } from "./require-finite.ts";
import type { SkipReason } from "./skip-reason.ts";
import { smoothedMultiplier } from "./smoothing.ts";
import type { SurgeConfig } from "./surge-config.ts";
import { surgeFactor } from "./surge-factor.ts";
import type { SurgePolicy } from "./surge-policy.ts";
import { applicability } from "./time-windows.ts";

/** What the database holds of a config and of the draft for this hour's demand. */
export interface Written {
  /** Of the config's params; undefined: the pipeline has never written any. */
  readonly params?: MetricOrder | undefined;
  /** Undefined: there is no ratesheet. */
  readonly draft?:
    | {
        readonly approvalStatus: string;
        readonly order?: MetricOrder | undefined;
        /** Not as the pipeline wrote it. */
        readonly edited?: boolean;
      }
    | undefined;
}

/** All that a decision depends on. */
export interface DecideInputs {
  readonly demand: DemandSnapshot;
  readonly config: SurgeConfigReading;
  /** Wall clock, ms since the epoch: only for createdAt and updatedAt. */
  readonly now: number;
  /** IANA. */
  readonly timeZone: string;
  readonly policy: SurgePolicy;
  /**
   * Of the config's latest draft that begins before this one: never of an earlier revision of this one, for then
   * every revision would smooth again.
   */
  readonly previousMultiplier: number | undefined;
  /** Left out: nothing. Whoever writes must guard all the same. */
  readonly written?: Written;
}

/**
 * What a config makes of an hour's demand: a draft, new params only, or nothing. Reads no clock and no database.
 * Throws a MillraceError NOT_FINITE for demand that is NaN or infinite, whatever the config.
 */
export const decide = (inputs: DecideInputs): Decision => {
  const { demand, config: reading, timeZone, policy, written = {} } = inputs;
  const { bookingsCount, availableCapacity, demandPressure, historicalAvgPressure } = demand;
  requireFinite({
    bookingsCount,
    availableCapacity,
    demandPressure,
    ...(historicalAvgPressure !== null && { historicalAvgPressure }),
  });
  if (!policy.enabled) return skipped("surgeDisabled");
  if (!reading.valid) return { outcome: "skipped", reason: reading.reason, problem: reading.problem };
  const { config } = reading;
  if (!config.isActive) return skipped("inactive");
  if (availableCapacity <= 0) return skipped("unknownCapacity");
  const applies = applicability(config, draftStart(demand.hour), timeZone);
  if (applies !== "applies") return skipped(applies);
  const supply = usableSupply(config);
  if (supply === undefined) return skipped("noSupply");

  const { used, write } = baseline(demand, config.demandSupplyParams);
  const params: ParamsWrite | undefined = isNewer(demand.order, written.params)
    ? { currentDemand: bookingsCount, ...write, order: demand.order }
    : undefined;
  const noDraft = used === undefined ? "noBaseline" : untouchable(demand.order, written.draft);
  if (used === undefined || noDraft !== undefined) {
    const reason = noDraft ?? "noBaseline";
    return params === undefined ? skipped(reason) : { outcome: "params", params, reason };
  }
  return { outcome: "draft", params, ...priced(inputs, config, supply, used) };
};

const priced = (
  { demand, now, policy, previousMultiplier: found }: DecideInputs,
  config: SurgeConfig,
  supply: number,
  used: UsedBaseline,
): { readonly draft: DraftWrite; readonly inputs: DecisionInputs } => {
  const { surgeParams: params } = config;
  const historicalAvgPressure = used.pressure;
  // One bad number in the database is no reason to give up a good metric.
  const previousMultiplier = found !== undefined && Number.isFinite(found) ? found : undefined;
  const factor = surgeFactor({ demandPressure: demand.demandPressure, historicalAvgPressure, params });
  const { multiplier, adjustments } = smoothedMultiplier(factor, previousMultiplier, params, policy);
  return {
    draft: {
      ratesheet: draftRatesheet({ config, demand, supply, historicalAvgPressure, multiplier, now }),
      order: demand.order,
    },
    inputs: {
      demand: demand.bookingsCount,
      supply,
      capacity: demand.availableCapacity,
      pressure: demand.demandPressure,
      historicalAvgPressure,
      baselineSource: used.source,
      historySamples: demand.historySamples,
      alpha: params.alpha,
      minMultiplier: params.minMultiplier,
      maxMultiplier: params.maxMultiplier,
      factor,
      previousMultiplier,
      adjustments,
      multiplier,
    },
  };
};

const skipped = (reason: SkipReason): Decision => ({ outcome: "skipped", reason });

const isNewer = (order: MetricOrder, known: MetricOrder | undefined): boolean =>
  known === undefined || compareMetrics(order, known) > 0;

const untouchable = (order: MetricOrder, draft: Written["draft"]): SkipReason | undefined => {
  if (draft === undefined) return undefined;
  if (draft.approvalStatus !== "DRAFT") return "ratesheetNotDraft";
  if (draft.edited === true) return "ratesheetEdited";
  return isNewer(order, draft.order) ? undefined : "olderMetric";
};

const usableSupply = ({ demandSupplyParams: { currentSupply } }: SurgeConfig): number | undefined =>
  currentSupply !== undefined && Number.isFinite(currentSupply) && currentSupply > 0
    ? currentSupply
    : undefined;
