import type { ValueProcessorDefinition } from "@millrace/streams";
import type { DemandHourly } from "@millrace/venue";
import type { PositionedMetric } from "./apply-metric.ts";

/** Says where each metric was read: what orders it, and what it is remembered by. */
export const withPosition: ValueProcessorDefinition<
  string,
  DemandHourly,
  PositionedMetric,
  Record<string, never>
> = {
  name: "withPosition",
  create: (context) => (record) => {
    const { partition, offset } = context.position ?? { partition: -1, offset: -1 };
    context.forward({ value: { metric: record.value, partition, offset }, timestamp: record.timestamp });
  },
};
