import type { MetricDescription } from "@millrace/streams";

/** As Prometheus' conventions have it: prefix, name, base unit, and `_total` for what only grows. */
export const prometheusName = ({
  name,
  kind,
  unit,
}: Pick<MetricDescription, "name" | "kind" | "unit">): string =>
  [`millrace_${name}`, ...(unit === undefined ? [] : [unit]), ...(kind === "counter" ? ["total"] : [])].join(
    "_",
  );
