export {
  baseline,
  type Baseline,
  type BaselineWrite,
  minHistorySamples,
  type PressureMean,
  type UsedBaseline,
} from "./baseline.ts";
export { decide, type DecideInputs, type Written } from "./decide.ts";
export type { Decision, DecisionInputs, DraftWrite, ParamsWrite } from "./decision.ts";
export { decisionLog, type DecisionLogEntry, type DecisionLogOptions } from "./decision-log.ts";
export { type DemandHistoryDocument, demandHistoryDocument } from "./demand-history-document.ts";
export { type DemandSnapshot, demandSnapshot } from "./demand-snapshot.ts";
export {
  type DemandSupplySnapshot,
  type DraftInputs,
  type DraftRatesheet,
  draftRatesheet,
  draftStart,
} from "./draft-ratesheet.ts";
export { type EntityId, entityIdText } from "./entity-id.ts";
export {
  addMember,
  emptyLocation,
  type LocationDemand,
  type LocationMember,
  locationMember,
  type LocationSummary,
  subtractMember,
  summary,
} from "./location-demand.ts";
export {
  addSample,
  emptyLocationHistory,
  type LocationHistory,
  meanBefore,
  type PressureSample,
} from "./location-history.ts";
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
export type { SurgePolicy } from "./surge-policy.ts";
export { type SurgeSettings, surgeSettings } from "./surge-settings.ts";
export { applicability, type Applicability, type Schedule, type TimeWindow } from "./time-windows.ts";
export { type InvalidMetricCode, InvalidMetricError, validateMetric } from "./validate-metric.ts";
export { type ClockReading, venueClock } from "./venue-clock.ts";
export { type SurgeAppOptions, startSurge } from "./surge-app.ts";
export { SurgeDatabase, type SurgeDatabaseOptions } from "./surge-database.ts";
export type { ConfigRow, SurgeStore } from "./surge-store.ts";
export { type SurgeOptions, surgeTopology } from "./surge-topology.ts";
