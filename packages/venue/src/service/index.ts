export { startHealthServer } from "./health-server.ts";
export { jsonLog, type LogThreshold } from "./json-log.ts";
export { runService, stopWithinMs, type RunSettings, type ServiceProgram } from "./run-service.ts";
export type { Service, ServiceCounter } from "./service.ts";
export { appOptionsOf, serviceSettings, type ServiceSettings, warnOfStateDir } from "./service-settings.ts";
export { prepareServiceTopics, type ServiceTopics } from "./service-topics.ts";
