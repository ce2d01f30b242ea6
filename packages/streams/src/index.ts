export { calendar, type CalendarOptions } from "./calendar.ts";
export type { CalendarUnit } from "./calendar-starts.ts";
export { type Change } from "./change.ts";
export { days, hours, milliseconds, minutes, seconds } from "./duration.ts";
export { MillraceError, type MillraceErrorOptions, TopologyError } from "./errors.ts";
export { type JoinWindows, joinWindows } from "./join-windows.ts";
export { type Header, type Headers, noHeaders, type StreamRecord } from "./record.ts";
export type { Serde, SerdeRole, Serialize, Serializer } from "./serde.ts";
export { bytes } from "./serdes/bytes.ts";
export { json } from "./serdes/json.ts";
export { nullable } from "./serdes/nullable.ts";
export { bigint, double, int, long } from "./serdes/numbers.ts";
export { readText } from "./serdes/read-text.ts";
export { string } from "./serdes/string.ts";
export { sessionWindowed } from "./serdes/session-windowed.ts";
export { windowed } from "./serdes/windowed.ts";
export type {
  GlobalKTable,
  CogroupedKStream,
  KGroupedStream,
  KGroupedTable,
  KStream,
  KTable,
  SessionFinalsCogroupedKStream,
  SessionFinalsKStream,
  SessionWindowedCogroupedKStream,
  SessionWindowedKStream,
  Sink,
  Stage,
  TimeWindowedCogroupedKStream,
  TimeWindowedKStream,
} from "./stages.ts";
export {
  type ExtractedRecord,
  type RecordPosition,
  type SinkTopic,
  type Topic,
  topic,
  type TopicOptions,
} from "./topic.ts";
export { type Topology, type TopologyEnd, topology } from "./topology.ts";
export type { GraphEdge, GraphNode, GraphStore, GraphTopic, TopologyGraph } from "./topology-graph.ts";
export type { Windowed } from "./windowed.ts";
export {
  hopping,
  noGrace,
  sessions,
  type SessionWindows,
  sliding,
  type SlidingWindows,
  type TimeWindows,
  tumbling,
  unlimited,
} from "./windows.ts";

export { aggregate } from "./operators/aggregate.ts";
export { closedWindows } from "./operators/closed-windows.ts";
export { cogroup } from "./operators/cogroup.ts";
export { count } from "./operators/count.ts";
export { filter, filterNot } from "./operators/filter.ts";
export { flatMap } from "./operators/flat-map.ts";
export { flatMapValues } from "./operators/flat-map-values.ts";
export { foreach } from "./operators/foreach.ts";
export { globalTable } from "./operators/global-table.ts";
export { groupBy } from "./operators/group-by.ts";
export { groupByKey } from "./operators/group-by-key.ts";
export { join } from "./operators/join.ts";
export { leftJoin } from "./operators/left-join.ts";
export { map } from "./operators/map.ts";
export { mapAsync, type MapAsyncOptions } from "./operators/map-async.ts";
export type { CallPatience, CallRetry } from "./operators/patient-call.ts";
export { mapValues } from "./operators/map-values.ts";
export { merge } from "./operators/merge.ts";
export { outerJoin } from "./operators/outer-join.ts";
export type { OfRecord } from "./operators/of-record.ts";
export type { Partitioner } from "./partitioner.ts";
export { peek } from "./operators/peek.ts";
export { print } from "./operators/print.ts";
export { process, processValues } from "./operators/process.ts";
export type {
  Processor,
  ProcessorContext,
  ProcessorDefinition,
  StoresOf,
  ValueProcessorDefinition,
  ValueRecord,
} from "./operators/processor.ts";
export { reduce } from "./operators/reduce.ts";
export { repartition } from "./operators/repartition.ts";
export { selectKey } from "./operators/select-key.ts";
export { otherwise, split } from "./operators/split.ts";
export { stream } from "./operators/stream.ts";
export { suppress } from "./operators/suppress.ts";
export {
  type BufferBounds,
  type FullBuffer,
  type Suppressed,
  untilTimeLimit,
  untilWindowCloses,
} from "./operators/suppressed.ts";
export { table } from "./operators/table.ts";
export { to, type TopicChoice } from "./operators/to.ts";
export { toStream } from "./operators/to-stream.ts";
export { toTable } from "./operators/to-table.ts";
export {
  transformValues,
  type TransformerContext,
  type TransformerDefinition,
} from "./operators/transform-values.ts";
export { via } from "./operators/via.ts";
export { withHeaders } from "./operators/with-headers.ts";
export { type EmitOptions, type SessionEmitOptions, windowedBy } from "./operators/windowed-by.ts";

export type { KeyValueStore, ReadOnlyKeyValueStore } from "./state/key-value-store.ts";
export type { FlushListener, Row, RowSource } from "./state/row.ts";
export type { KeptStore, KeptTask, StateBackend, TaskState } from "./state/state-backend.ts";
export type { ChangelogRecords, ChangelogWriter, StateStore } from "./state/state-store.ts";
export type { ByteBatch, ByteStore } from "./state/byte-store.ts";
export { type ChangelogRecord, changelogRow } from "./state/changelog-row.ts";
export { keptRows } from "./state/kept-rows.ts";
export type { RawRow } from "./state/raw-row.ts";
export type { JoinStore } from "./state/join-store.ts";
export type { ReadOnlySessionStore, SessionRow, SessionStore, SessionValue } from "./state/session-store.ts";
export {
  joinStore,
  type JoinStoreDefinition,
  type KeyValueStoreDefinition,
  keyValueStore,
  sessionStore,
  type SessionStoreDefinition,
  type StoreDefinition,
  type StoreFactory,
  versionedStore,
  type VersionedStoreDefinition,
  type WindowStoreDefinition,
  windowStore,
} from "./state/store-definition.ts";
export type {
  ReadOnlyVersionedStore,
  VersionedPut,
  VersionedRecord,
  VersionedStore,
} from "./state/versioned-store.ts";
export type { StoreHooks } from "./state/store-hooks.ts";
export type { StoreOf } from "./state/store-of.ts";
export type { ReadOnlyWindowStore, WindowedValue, WindowStore } from "./state/window-store.ts";

export type { GroupMembership } from "./transport/group-coordinator.ts";
export type { ProducerIdentity } from "./transport/producer-identity.ts";
export type { Compression, ProducerOptions, RecordProducer } from "./transport/record-producer.ts";
export type { Transport } from "./transport/transport.ts";
export { TransportError } from "./transport/transport-error.ts";

export type { App, StopOptions } from "./runtime/app/app.ts";
export { createApp } from "./runtime/app/create-app.ts";
export type { KeyHosts, KeyPartitioner, StoreHost } from "./runtime/query/store-hosts.ts";
export type { AppOptions, Guarantee } from "./runtime/settings/app-options.ts";
export type { QueriedStore, QueryableDefinition, StorePositions } from "./runtime/query/queried-store.ts";
export type { QueryOptions } from "./runtime/query/query-options.ts";
export type { AppState } from "./runtime/settings/app-state.ts";
export { type Clock, systemClock } from "./clock.ts";
export { editState, type EditableStore } from "./runtime/app/edit-state.ts";
export type {
  ErrorDecision,
  ErrorHandler,
  ErrorHandlers,
  ProcessingDecision,
  UncaughtDecision,
} from "./runtime/settings/error-handlers.ts";
export type { RecordTrace, RecordTracer, TracedRecord } from "./runtime/task/record-tracer.ts";
export type { Log, LogLevel } from "./log.ts";
export type {
  HistogramValue,
  Metric,
  MetricDescription,
  MetricKind,
  MetricPoint,
  MetricTag,
  MetricUnit,
} from "./runtime/metrics/metric.ts";
export type { Metrics } from "./runtime/metrics/metrics.ts";
export { type GroupTask, groupTasks, type GroupTasks, type TaskMember } from "./runtime/group/group-tasks.ts";
export {
  changelogTopic,
  internalTopicKind,
  type InternalTopicKind,
} from "./runtime/topics/internal-topic-names.ts";
export { kafka, type KafkaOptions } from "./transport/kafkajs/kafka-transport.ts";
export { partitionForKey } from "./transport/murmur2.ts";
