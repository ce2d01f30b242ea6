import type { ServiceMetric } from "@millrace/service";
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
export const surgeMetrics = ({ multipliers, repeated, skipped }: SurgeCounters): readonly ServiceMetric[] => [
  {
    name: "surge_drafts_total",
    help: "Draft ratesheets decided on",
    kind: "counter",
    values: [[{}, multipliers.value.count]],
  },
  {
    name: "surge_multiplier",
    help: "Multipliers of the draft ratesheets decided on",
    kind: "histogram",
    values: [[{}, multipliers.value]],
  },
  {
    name: "surge_repeated_total",
    help: "Metrics that had been applied before",
    kind: "counter",
    values: [[{}, repeated]],
  },
  {
    name: "surge_skipped_total",
    help: "Configs that got no draft for a metric, by why",
    kind: "counter",
    values: (Object.keys(reasons) as SkipReason[]).map((reason) => [{ reason }, skipped.get(reason) ?? 0]),
  },
];
