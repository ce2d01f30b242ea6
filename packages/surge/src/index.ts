export { surgeFactor, type SurgeFactorInputs } from "./surge-factor.ts";
export { defaultSurgeParams, type SurgeParams } from "./surge-params.ts";
export {
  type Adjustment,
  type SmoothedMultiplier,
  smoothedMultiplier,
  type SmoothingSettings,
} from "./smoothing.ts";
export { applicability, type Applicability, type Schedule, type TimeWindow } from "./time-windows.ts";
export { type ClockReading, venueClock } from "./venue-clock.ts";
export {
  compareMembers,
  compareMetrics,
  type MemberOrder,
  type MetricOrder,
  metricOrder,
} from "./metric-order.ts";
