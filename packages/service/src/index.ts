export { type Component, reachAll } from "./component.ts";
export { httpComponent } from "./http-component.ts";
export { kafkaComponent } from "./kafka-component.ts";
export { type RunOptions, runService } from "./run-service.ts";
export { runProgram, type RunSettings, type ServiceProgram, stopWithinMs } from "./run-program.ts";
export type { ServedApplication, Service, ServiceCounter } from "./service.ts";
export { serviceLog } from "./service-log.ts";
export type { ServiceTopic } from "./service-topics.ts";
export { type ServiceOptions, startService } from "./start-service.ts";
