export { BucketCounts } from "./metrics/bucket-counts.ts";
export { type Component, reachAll } from "./component.ts";
export { httpComponent } from "./http-component.ts";
export { kafkaComponent } from "./kafka-component.ts";
export { type RunOptions, runService } from "./run-service.ts";
export { runProgram, type RunSettings, type ServiceProgram, stopWithinMs } from "./run-program.ts";
export type { DecisionsAnswer } from "./decisions-answer.ts";
export type { ServedApplication, Service, ServiceDecision, ServiceMetric } from "./service.ts";
export { serveService, type ServeOptions } from "./serve-service.ts";
export { serviceLog } from "./service-log.ts";
export type {
  ApplicationStatus,
  PartitionLag,
  ProcessStatus,
  RestoreStatus,
  StatusAnswer,
  StoreStatus,
  TaskStatus,
} from "./status-answer.ts";
export type { RowsAnswer } from "./stores/rows-answer.ts";
export type { StoreRow } from "./stores/store-rows.ts";
export type { ApplicationStores, StoresAnswer, StoreSummary } from "./stores/stores-answer.ts";
export type { ApplicationTopology, TopologyAnswer } from "./topology-answer.ts";
export type { ServiceTopic } from "./service-topics.ts";
export { type ServiceOptions, startService } from "./start-service.ts";
