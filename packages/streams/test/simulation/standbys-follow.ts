import { inspect, isDeepStrictEqual } from "node:util";
import type { App, QueryOptions } from "../../src/index.ts";
import { changelogTopic } from "../../src/runtime/topics/internal-topic-names.ts";
import type { StoreDefinition } from "../../src/state/store-definition.ts";
import type { SubTopology } from "../../src/sub-topology.ts";
import type { SimulatedCluster } from "../../src/testing/simulated-cluster/simulated-cluster.ts";
import type { VirtualClock } from "../../src/testing/virtual-clock.ts";
import type { Members } from "./members.ts";
import type { Stragglers } from "./stragglers.ts";

export interface Standbys {
  readonly clock: VirtualClock;
  readonly cluster: SimulatedCluster;
  readonly members: Members;
  readonly stragglers: Stragglers;
  /** How many there are to be of each task, as far as there are members. */
  readonly replicas: number;
}

/** After the last fault they have everything within this time, ms: one that failed is tried again after ever longer rests. */
const followMs = 60_000;
const lookEveryMs = 250;

/**
 * Waits until the standbys of members that have nothing left to do are as they must be: enough of each task, each at the
 * end of its changelogs, with the stores of the task; and each task run by one. Answers what was wrong in the end.
 */
export const standbysFollow = async (standbys: Standbys): Promise<readonly string[]> => {
  const { clock, members } = standbys;
  const until = clock.monotonic() + followMs;
  // Something may be moving just now.
  const find = (): readonly string[] =>
    members.allRun ? differences(standbys) : ["not all run", ...members.states];
  let problems = find();
  while (problems.length > 0 && clock.monotonic() < until) {
    await clock.runFor(lookEveryMs);
    problems = find();
  }
  return problems;
};

const differences = ({ cluster, members, stragglers, replicas }: Standbys): readonly string[] => {
  const { apps } = members;
  return tasksOf(cluster, apps).flatMap(({ subTopology, partition }) => {
    const id = `${subTopology.id}_${partition}`;
    const [active, ...others] = [...apps.values()].filter(({ tasks }) => tasks.active.includes(id));
    // Those of a member that has died are nobody's until its session ends.
    if (active === undefined || others.length > 0)
      return [`${active === undefined ? "nobody runs" : "several run"} task ${id}`];
    const keepers = [...apps].filter(([, { tasks }]) => tasks.standby.includes(id));
    const wanted = canHaveStandbys(subTopology) ? Math.min(replicas, apps.size - 1) : 0;
    if (keepers.length < wanted) return [`${keepers.length} of ${wanted} standbys of task ${id}`];
    const task: Task = { cluster, stragglers, app: active, stores: subTopology.stores, partition };
    return keepers.flatMap(([name, app]) =>
      storeDifferences(task, app).map((line) => `the standby of task ${id} in ${name}: ${line}`),
    );
  });
};

interface TaskOf {
  readonly subTopology: SubTopology;
  readonly partition: number;
}

/** All tasks that have state: as many of a sub-topology as its changelogs have partitions. */
const tasksOf = (cluster: SimulatedCluster, apps: ReadonlyMap<string, App>): readonly TaskOf[] =>
  [...apps.values()].slice(0, 1).flatMap(({ applicationId, topology }) =>
    topology.subTopologies.flatMap((subTopology) => {
      const counts = subTopology.stores.map(
        (store) => cluster.brokers.topics.get(changelogTopic(applicationId, store))?.logs.length ?? 0,
      );
      const tasks = Math.max(0, ...counts);
      return Array.from({ length: tasks }, (_, partition) => ({ subTopology, partition }));
    }),
  );

/** What a standby holds comes from changelogs alone. */
const canHaveStandbys = ({ stores }: SubTopology): boolean =>
  stores.length > 0 && stores.every(({ changelog }) => changelog);

interface Task {
  readonly cluster: SimulatedCluster;
  readonly stragglers: Stragglers;
  /** Who runs it. */
  readonly app: App;
  readonly stores: readonly StoreDefinition[];
  readonly partition: number;
}

const storeDifferences = (
  { cluster, stragglers, app, stores, partition }: Task,
  standby: App,
): readonly string[] =>
  stores.flatMap((store) => {
    // The sides of a join can't be read from outside: what is restored into them is told by the joins of who gets them.
    if (store.kind === "join") return [];
    const options = { stale: true, partitions: [partition] };
    const position = standby.store(store, options).positions.get(partition) ?? -1;
    const { least, most } = endOf(cluster, app, store, partition);
    if (position < least || position > most)
      return [`"${store.name}" is at ${position}, not within [${least}, ${most}]`];
    // What came late behind it is in no store that had read the changelog before.
    const older = stragglers.olderIn(changelogTopic(app.applicationId, store));
    const rows = (of: App): readonly unknown[] =>
      rowsOf(of, store, partition).filter((row) => !older.has(String((row as { key: unknown }).key)));
    const [actual, expected] = [rows(standby), rows(app)];
    if (isDeepStrictEqual(actual, expected)) return [];
    return [`"${store.name}" holds ${textOf(actual)} instead of ${textOf(expected)}`];
  });

/** Positions that include all there is of a changelog: after its last record, and before its end. */
const endOf = (
  cluster: SimulatedCluster,
  { applicationId }: App,
  store: StoreDefinition,
  partition: number,
): { readonly least: number; readonly most: number } => {
  const topic = changelogTopic(applicationId, store);
  const log = cluster.brokers.topics.get(topic)?.logs[partition];
  if (log === undefined) return { least: -1, most: 0 };
  const { entries } = log.read(log.startOffset, true, Number.MAX_SAFE_INTEGER);
  return { least: (entries.at(-1)?.offset ?? -1) + 1, most: log.endOffset(true) };
};

/**
 * Bytes are a `Uint8Array` here, whatever a store gives. What a suppress holds back has other old values in its changelog
 * than in memory: those that its aggregation begins with stand for none.
 */
const rowsOf = (app: App, definition: StoreDefinition, partition: number): readonly unknown[] => {
  const rows = structuredClone([...read(app, definition, { stale: true, partitions: [partition] })]);
  for (const row of rows)
    for (const held of Object.values(row as object))
      if (typeof held === "object" && held !== null && "prior" in held)
        Object.assign(held, { prior: null, old: null });
  return rows;
};

const read = (app: App, definition: StoreDefinition, options: QueryOptions): Iterable<unknown> => {
  switch (definition.kind) {
    case "keyValue":
      return app.store(definition, options).all();
    case "window":
      return app.store(definition, options).fetchAll(0, Number.MAX_SAFE_INTEGER);
    case "session":
      return app.store(definition, options).fetchAll(0, Number.MAX_SAFE_INTEGER);
    case "versioned":
    case "join":
      throw new Error(`"${definition.name}" can't be read whole`);
  }
};

const textOf = (rows: readonly unknown[]): string =>
  `${rows.length} rows ${inspect(rows, { depth: 4, maxArrayLength: 12, compact: true, breakLength: Number.POSITIVE_INFINITY })}`;
