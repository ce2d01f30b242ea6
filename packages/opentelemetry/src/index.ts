export { observeMetrics } from "./observe-metrics.ts";
export { traceRecords } from "./trace-records.ts";
