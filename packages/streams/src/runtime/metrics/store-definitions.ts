import { type MetricDefinition, summed } from "./metric-definition.ts";
import type { MetricSource } from "./metric-source.ts";
import type { MetricPoint } from "./metric.ts";
import type { RecordCount } from "./record-count.ts";
import type { ObservedStore } from "./observed.ts";
import type { TaskMetrics } from "./task-metrics.ts";

const perStore =
  (value: (store: ObservedStore) => number) =>
  ({ observed }: MetricSource): readonly MetricPoint[] =>
    [...observed.tasks].flatMap(({ taskId, stores }) =>
      [...stores].map((store) => ({ tags: { store: store.name, task: taskId }, value: value(store) })),
    );

/** Each store from the beginning, with 0. */
const counted = (
  { topology, tasks }: MetricSource,
  counts: (task: TaskMetrics) => Iterable<RecordCount>,
): readonly MetricPoint[] =>
  summed([
    ...topology.subTopologies.flatMap(({ stores }) =>
      stores.map(({ name }) => [{ store: name }, 0] as const),
    ),
    ...[...tasks].flatMap((task) =>
      [...counts(task)].map(({ name, records }) => [{ store: name }, records] as const),
    ),
  ]);

const lookedFor =
  (outcome: "hits" | "misses") =>
  ({ topology, tasks }: MetricSource): readonly MetricPoint[] =>
    summed([
      ...topology.subTopologies.flatMap(({ stores }) =>
        stores.map(({ name }) => [{ store: name }, 0] as const),
      ),
      ...[...tasks].flatMap(({ lookups }) =>
        [...lookups].map(([store, counts]) => [{ store }, counts[outcome]] as const),
      ),
    ]);

/** What stores hold, and how they come by it (Kafka Streams' `stream-state-metrics` and `stream-record-cache-metrics`). */
export const storeDefinitions: readonly MetricDefinition[] = [
  {
    name: "store_entries",
    kind: "gauge",
    unit: undefined,
    description: "Rows of a store; exact in memory",
    tags: ["store", "task"],
    kafkaStreams: "estimate-num-keys",
    points: perStore((store) => store.approximateEntries()),
  },
  {
    name: "store_uncommitted",
    kind: "gauge",
    unit: "bytes",
    description: "About what a store holds for the next commit",
    tags: ["store", "task"],
    kafkaStreams: undefined,
    points: perStore(({ dirtyBytes }) => dirtyBytes),
  },
  {
    name: "changelogged",
    kind: "counter",
    unit: "records",
    description: "Records written to the changelog of a store",
    tags: ["store"],
    kafkaStreams: "records-produced-total of the changelog topic",
    points: (source) => counted(source, ({ changelogged }) => changelogged.all),
  },
  {
    name: "restored",
    kind: "counter",
    unit: "records",
    description: "Records of its changelog read back into a store",
    tags: ["store"],
    kafkaStreams: "restore-total (KIP-869)",
    points: (source) => counted(source, ({ restored }) => restored.all),
  },
  {
    name: "to_restore",
    kind: "gauge",
    unit: "records",
    description: "Records of its changelog that a store still lacks before its task processes, at most",
    tags: ["store"],
    kafkaStreams: "restore-remaining-records-total (KIP-869)",
    points: ({ observed, topology }) =>
      summed([
        ...topology.subTopologies.flatMap(({ stores }) =>
          stores.filter(({ changelog }) => changelog).map(({ name }) => [{ store: name }, 0] as const),
        ),
        ...[...observed.restores].map(({ store, remaining }) => [{ store }, remaining] as const),
      ]),
  },
  {
    name: "restore_progress",
    kind: "gauge",
    unit: undefined,
    description: "How much of what it lacked a store that is being restored has read, from 0 to 1",
    tags: ["store", "task"],
    kafkaStreams: "restore-total and restore-remaining-records-total (KIP-869)",
    points: ({ observed }) =>
      [...observed.restores].map(({ store, taskId, restored, remaining }) => ({
        tags: { store, task: taskId },
        value: remaining === 0 ? 1 : restored / (restored + remaining),
      })),
  },
  {
    name: "standby_updated",
    kind: "counter",
    unit: "records",
    description: "Records of its changelog that standbys of a store have read",
    tags: ["store"],
    kafkaStreams: "update-total (KIP-869)",
    points: (source) => counted(source, ({ updated }) => updated.all),
  },
  {
    name: "standby_lag",
    kind: "gauge",
    unit: "records",
    description: "Records of its changelog that the standby of a store lacks, as far as is known",
    tags: ["store", "task"],
    kafkaStreams: "KafkaStreams.allLocalStorePartitionLags",
    points: ({ observed }) =>
      [...observed.followed].map(({ store, taskId, lag }) => ({ tags: { store, task: taskId }, value: lag })),
  },
  {
    name: "store_cache_hits",
    kind: "counter",
    unit: undefined,
    description: "Times that a store with a state directory had the row in memory that was looked for",
    tags: ["store"],
    kafkaStreams: "hit-ratio-avg",
    points: lookedFor("hits"),
  },
  {
    name: "store_cache_misses",
    kind: "counter",
    unit: undefined,
    description: "Times that it looked into the state directory",
    tags: ["store"],
    kafkaStreams: "hit-ratio-avg",
    points: lookedFor("misses"),
  },
];
