export { BucketCounts } from "./metrics/bucket-counts.ts";
export { type Component, reachAll } from "./component.ts";
export { httpComponent } from "./http-component.ts";
export { kafkaComponent } from "./kafka-component.ts";
export { type RunOptions, runService } from "./run-service.ts";
export { runProgram, type RunSettings, type ServiceProgram, stopWithinMs } from "./run-program.ts";
export type { ServedApplication, Service, ServiceMetric } from "./service.ts";
export { serviceLog } from "./service-log.ts";
export type {
  ApplicationStatus,
  PartitionLag,
  RestoreStatus,
  StatusAnswer,
  StoreStatus,
  TaskStatus,
} from "./status-answer.ts";
export type { ApplicationTopology, TopologyAnswer } from "./topology-answer.ts";
export type { ServiceTopic } from "./service-topics.ts";
export { type ServiceOptions, startService } from "./start-service.ts";
