import { appDefinitions } from "./app-definitions.ts";
import { clientDefinitions } from "./client-definitions.ts";
import { latencyDefinitions } from "./latency-definitions.ts";
import type { MetricDefinition } from "./metric-definition.ts";
import { storeDefinitions } from "./store-definitions.ts";
import { taskDefinitions } from "./task-definitions.ts";

/** Every metric of an application. */
export const metricDefinitions: readonly MetricDefinition[] = [
  ...appDefinitions,
  ...taskDefinitions,
  ...latencyDefinitions,
  ...storeDefinitions,
  ...clientDefinitions,
];
