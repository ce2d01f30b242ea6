export { observeMetrics } from "./observe-metrics.ts";
