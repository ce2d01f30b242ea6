import type { Decision, DecisionInputs } from "./decision.ts";
import { draftStart } from "./draft-ratesheet.ts";
import { type EntityId, entityIdText } from "./entity-id.ts";
import type { SurgeConfigReading } from "./read-surge-config.ts";
import type { SkipReason } from "./skip-reason.ts";

/** The decision that is logged, and what it was about. */
export interface DecisionLogOptions {
  readonly config: SurgeConfigReading;
  /** Start of the demand's UTC hour, ms since the epoch. */
  readonly hour: number;
  readonly decision: Decision;
  readonly dryRun: boolean;
}

/** One decision, for a person and for a machine. */
export interface DecisionLogEntry {
  /** One line. */
  readonly message: string;
  /** Plain data: ids and dates as text. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Tells what was decided, and of what: for a draft the inputs that gave the multiplier, else why there is none. */
export const decisionLog = ({ config, hour, decision, dryRun }: DecisionLogOptions): DecisionLogEntry => {
  const id = config.valid ? config.config.surgeConfigId : config.surgeConfigId;
  const effectiveFrom = new Date(draftStart(hour)).toISOString();
  const who = `surge config ${described(id)}${config.valid ? subject(config.config) : ""}`;
  return {
    message: `${dryRun ? "dry run: " : ""}${who}, from ${effectiveFrom}: ${told(decision)}`,
    fields: {
      surgeConfigId: id && entityIdText(id),
      ...(config.valid && {
        appliesTo: config.config.appliesTo.level,
        entityId: entityIdText(config.config.appliesTo.entityId),
      }),
      hour: new Date(hour).toISOString(),
      effectiveFrom,
      dryRun,
      ...machineReadable(decision),
    },
  };
};

const described = (id: EntityId | undefined): string =>
  id === undefined ? "without an id" : entityIdText(id);

const subject = ({ name, appliesTo }: Extract<SurgeConfigReading, { valid: true }>["config"]): string =>
  `${name === undefined ? "" : ` ${JSON.stringify(name)}`} (${appliesTo.level} ${entityIdText(appliesTo.entityId)})`;

const machineReadable = (decision: Decision): Readonly<Record<string, unknown>> => {
  const { outcome } = decision;
  if (outcome === "skipped") {
    const { reason, problem } = decision;
    return { outcome, reason, ...(problem !== undefined && { problem }) };
  }
  if (outcome === "params") return { outcome, reason: decision.reason, params: decision.params };
  return { outcome, params: decision.params, inputs: decision.inputs };
};

const told = (decision: Decision): string => {
  if (decision.outcome === "draft")
    return `draft ${formula(decision.inputs)}${decision.params === undefined ? "; params unchanged" : ""}`;
  const why = decision.outcome === "skipped" ? decision.problem : undefined;
  const changed =
    decision.outcome === "skipped" ? "skipped" : `demand ${decision.params.currentDemand}, no draft`;
  return `${changed}: ${decision.reason}, ${why ?? explanations[decision.reason]}`;
};

const formula = (inputs: DecisionInputs): string => {
  const { demand, supply, capacity, pressure, historicalAvgPressure, baselineSource, historySamples } =
    inputs;
  const { alpha, minMultiplier, maxMultiplier, factor, previousMultiplier, adjustments, multiplier } = inputs;
  const whose = baselineSource === "history" ? `mean of ${historySamples} hours` : "the operator's baseline";
  const smoothed =
    adjustments.length === 0
      ? ""
      : `, by ${adjustments.join(" and ")} after ${rounded(previousMultiplier ?? Number.NaN)}`;
  return (
    `multiplier ${rounded(multiplier)}${smoothed}: factor ${rounded(factor)} = 1 + ${alpha} × ` +
    `ln(${rounded(pressure)} / ${rounded(historicalAvgPressure)}) within [${minMultiplier}, ${maxMultiplier}], ` +
    `of ${demand} bookings, capacity ${capacity}, supply ${supply}, ${whose}`
  );
};

/** For people only: the fields keep every digit. */
const rounded = (value: number): string => String(Number(value.toPrecision(5)));

const explanations: Readonly<Record<SkipReason, string>> = {
  surgeDisabled: "SURGE_ENABLED is false",
  inactive: "isActive is not true",
  invalidConfig: "the document can't be used",
  invalidSurgeParams: "the surgeParams can't be used",
  unknownCapacity: "nobody knows the capacity; set it in sublocations",
  outsideEffectiveDates: "that is not in [effectiveFrom, effectiveTo)",
  outsideTimeWindows: "that is in none of the timeWindows",
  noSupply: "demandSupplyParams.currentSupply must be above 0; it is set by hand",
  noBaseline: "there is too little history; demandSupplyParams.manualHistoricalAvgPressure above 0 would do",
  olderMetric: "what is written came from this metric or a newer one",
  ratesheetNotDraft: "the ratesheet is not DRAFT any more",
  ratesheetEdited: "somebody has edited the draft",
};
