import { requireFinite } from "./require-finite.ts";
import type { DemandSupplyParams } from "./surge-config.ts";

/** Fewer hours than this make no average. */
export const minHistorySamples = 3;

/** What the history says of the same weekday and hour. */
export interface PressureMean {
  /** Null without a sample. */
  readonly historicalAvgPressure: number | null;
  readonly historySamples: number;
}

/** The pressure that demand is measured against, above 0, and who says so. */
export interface UsedBaseline {
  readonly pressure: number;
  readonly source: "history" | "operator";
}

/** What is written to a config's demandSupplyParams of its baseline: nothing, or both as far as they are here. */
export interface BaselineWrite {
  readonly historicalAvgPressure?: number;
  /**
   * Only before the first overwriting: the operator's own baseline; null if there was none, so that the pipeline's
   * is never taken for it. To be written only where the field does not exist.
   */
  readonly manualHistoricalAvgPressure?: number | null;
}

/** What pressure is usual, and what is to be written of that. */
export interface Baseline {
  /** Undefined: there is no draft. */
  readonly used: UsedBaseline | undefined;
  readonly write: BaselineWrite;
}

/**
 * Chooses between history and the operator. Throws a MillraceError NOT_FINITE for a mean that is NaN or infinite; an
 * operator's baseline that is, is none.
 */
export const baseline = (mean: PressureMean, params: DemandSupplyParams): Baseline => {
  const { historicalAvgPressure, historySamples } = mean;
  if (historicalAvgPressure !== null) requireFinite({ historicalAvgPressure });
  const copied = params.manualHistoricalAvgPressure !== undefined;
  const found = params.historicalAvgPressure ?? null;
  if (historicalAvgPressure !== null && historySamples >= minHistorySamples && historicalAvgPressure > 0)
    return {
      used: { pressure: historicalAvgPressure, source: "history" },
      write: { historicalAvgPressure, ...(!copied && { manualHistoricalAvgPressure: found }) },
    };
  const pressure =
    params.manualHistoricalAvgPressure === undefined ? found : params.manualHistoricalAvgPressure;
  const usable = pressure !== null && Number.isFinite(pressure) && pressure > 0;
  return { used: usable ? { pressure, source: "operator" } : undefined, write: {} };
};
