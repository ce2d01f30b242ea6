export {
  baseline,
  type Baseline,
  type BaselineWrite,
  type PressureMean,
  type UsedBaseline,
} from "./baseline.ts";
export { type EntityId, entityIdText } from "./entity-id.ts";
export {
  compareMembers,
  compareMetrics,
  type MemberOrder,
  type MetricOrder,
  metricOrder,
} from "./metric-order.ts";
export { type InvalidSurgeConfig, readSurgeConfig, type SurgeConfigReading } from "./read-surge-config.ts";
export type { SkipReason } from "./skip-reason.ts";
export {
  type Adjustment,
  type SmoothedMultiplier,
  smoothedMultiplier,
  type SmoothingSettings,
} from "./smoothing.ts";
export type { AppliesTo, DemandSupplyParams, SurgeConfig } from "./surge-config.ts";
export { surgeFactor, type SurgeFactorInputs } from "./surge-factor.ts";
export { defaultSurgeParams, type SurgeParams } from "./surge-params.ts";
export { applicability, type Applicability, type Schedule, type TimeWindow } from "./time-windows.ts";
export { type ClockReading, venueClock } from "./venue-clock.ts";
