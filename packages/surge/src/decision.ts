import type { BaselineWrite, UsedBaseline } from "./baseline.ts";
import type { DraftRatesheet } from "./draft-ratesheet.ts";
import type { MetricOrder } from "./metric-order.ts";
import type { SkipReason } from "./skip-reason.ts";
import type { Adjustment } from "./smoothing.ts";

/** What is set in a config's demandSupplyParams. */
export interface ParamsWrite extends BaselineWrite {
  /** Bookings in the hour. */
  readonly currentDemand: number;
  /** Only over what came from an older order than this. */
  readonly order: MetricOrder;
}

/** A ratesheet to insert, or to put in place of a DRAFT. */
export interface DraftWrite {
  readonly ratesheet: DraftRatesheet;
  /** Only over what came from an older order than this. */
  readonly order: MetricOrder;
}

/** Everything that a multiplier came from. */
export interface DecisionInputs {
  readonly demand: number;
  readonly supply: number;
  readonly capacity: number;
  readonly pressure: number;
  readonly historicalAvgPressure: number;
  readonly baselineSource: UsedBaseline["source"];
  readonly historySamples: number;
  readonly alpha: number;
  readonly minMultiplier: number;
  readonly maxMultiplier: number;
  /** What the formula gave. */
  readonly factor: number;
  /** Undefined: the config has no earlier draft. */
  readonly previousMultiplier: number | undefined;
  readonly adjustments: readonly Adjustment[];
  readonly multiplier: number;
}

/** What one config makes of one hour's demand. */
export type Decision =
  | {
      readonly outcome: "draft";
      /** Undefined: the config knows of a later hour, or of this very metric. */
      readonly params: ParamsWrite | undefined;
      readonly draft: DraftWrite;
      readonly inputs: DecisionInputs;
    }
  | { readonly outcome: "params"; readonly params: ParamsWrite; readonly reason: SkipReason }
  | {
      readonly outcome: "skipped";
      readonly reason: SkipReason;
      /** What is wrong with an invalid config. */
      readonly problem?: string;
    };
