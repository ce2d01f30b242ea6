import type { DecisionView } from "../protocol/venue-view.ts";

/** What a multiplier came from, as the surge application tells it. */
export interface DecidedInputs {
  readonly demand: number;
  readonly supply: number;
  readonly capacity: number;
  readonly pressure: number;
  readonly historicalAvgPressure: number;
  readonly baselineSource: string;
  readonly historySamples: number;
  readonly alpha: number;
  readonly minMultiplier: number;
  readonly maxMultiplier: number;
  readonly factor: number;
  readonly multiplier: number;
  readonly adjustments: readonly string[];
}

/** A decision on the price of an entity in an hour. */
export interface Decided {
  readonly at: number;
  readonly message: string;
  readonly configId: string;
  readonly level: string;
  readonly entityId: string;
  /** Start of the demand's hour, and of what the draft is for, ms since the epoch. */
  readonly hour: number;
  readonly effectiveFrom: number;
  readonly dryRun: boolean;
  readonly outcome: string;
  readonly reason: string | undefined;
  /** Of a draft. */
  readonly inputs: DecidedInputs | undefined;
}

/** Reads what the surge application tells; undefined for a decision of something else. */
export const decidedOf = ({ at, message, fields }: DecisionView): Decided | undefined => {
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === "string" ? value : undefined;
  };
  const entityId = text("entityId");
  const hour = Date.parse(text("hour") ?? "");
  const effectiveFrom = Date.parse(text("effectiveFrom") ?? "");
  if (entityId === undefined || Number.isNaN(hour) || Number.isNaN(effectiveFrom)) return undefined;
  return {
    at,
    message,
    configId: text("surgeConfigId") ?? "",
    level: text("appliesTo") ?? "",
    entityId,
    hour,
    effectiveFrom,
    dryRun: fields["dryRun"] === true,
    outcome: text("outcome") ?? "",
    reason: text("reason"),
    inputs: inputsOf(fields["inputs"]),
  };
};

const inputsOf = (value: unknown): DecidedInputs | undefined =>
  typeof value === "object" && value !== null && "multiplier" in value && typeof value.multiplier === "number"
    ? (value as DecidedInputs)
    : undefined;
