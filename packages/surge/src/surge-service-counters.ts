import type { ServiceCounter } from "@millrace/service";
import type { SkipReason } from "./skip-reason.ts";
import type { SurgeCounters } from "./surge-counters.ts";

/** All of them, so that the compiler asks for a new one. */
const reasons: Readonly<Record<SkipReason, true>> = {
  surgeDisabled: true,
  inactive: true,
  invalidConfig: true,
  invalidSurgeParams: true,
  unknownCapacity: true,
  outsideEffectiveDates: true,
  outsideTimeWindows: true,
  noSupply: true,
  noBaseline: true,
  olderMetric: true,
  ratesheetNotDraft: true,
  ratesheetEdited: true,
};

/** What the surge topology counts, for the metrics of its service. */
export const surgeServiceCounters = ({
  drafts,
  repeated,
  skipped,
}: SurgeCounters): readonly ServiceCounter[] => [
  { name: "surge_drafts_total", help: "Draft ratesheets decided on", values: [[{}, drafts]] },
  { name: "surge_repeated_total", help: "Metrics that had been applied before", values: [[{}, repeated]] },
  {
    name: "surge_skipped_total",
    help: "Configs that got no draft for a metric, by why",
    values: (Object.keys(reasons) as SkipReason[]).map((reason) => [{ reason }, skipped.get(reason) ?? 0]),
  },
];
