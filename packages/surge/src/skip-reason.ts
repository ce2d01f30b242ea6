/**
 * Why a config got no draft for a metric, or not even new params.
 * - surgeDisabled: `SURGE_ENABLED` is false
 * - inactive: the config's isActive is not true
 * - invalidConfig, invalidSurgeParams: the document can't be used; the problem is in the log
 * - unknownCapacity: nobody knows the capacity, so there is no pressure
 * - outsideEffectiveDates, outsideTimeWindows: at the draft's effectiveFrom
 * - noSupply: currentSupply, which is set by hand, is missing or not above 0
 * - noBaseline: neither history nor operator says what pressure is usual
 * - olderMetric: what is written already came from the same metric or a newer one
 * - ratesheetNotDraft: a person has approved or rejected it
 * - ratesheetEdited: a person has changed the draft
 */
export type SkipReason =
  | "surgeDisabled"
  | "inactive"
  | "invalidConfig"
  | "invalidSurgeParams"
  | "unknownCapacity"
  | "outsideEffectiveDates"
  | "outsideTimeWindows"
  | "noSupply"
  | "noBaseline"
  | "olderMetric"
  | "ratesheetNotDraft"
  | "ratesheetEdited";
