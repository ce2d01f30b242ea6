import { MillraceError } from "../../src/index.ts";
import {
  simulatedCluster,
  type SimulatedCluster,
} from "../../src/testing/simulated-cluster/simulated-cluster.ts";
import { seededRandom } from "../../src/testing/seeded-random.ts";
import { VirtualClock } from "../../src/testing/virtual-clock.ts";
import { Chaos } from "./chaos.ts";
import { differences } from "./differences.ts";
import { Disks } from "./disks.ts";
import { faultsMs } from "./faults-ms.ts";
import { addTo, below, oneOf } from "./input.ts";
import { joinLate } from "./join-late.ts";
import { Members } from "./members.ts";
import { placement } from "./placement.ts";
import { Stragglers } from "./stragglers.ts";
import { type Standbys, standbysFollow } from "./standbys-follow.ts";
import { Trace } from "./trace.ts";
import type { Expectation, InputRecord, Variant, Workload } from "./workload.ts";

export interface ScheduleOptions {
  readonly seed: number;
  readonly workload: Workload;
  /** Whether to write down what happens: slow, and worth it for one that failed. */
  readonly traced?: boolean;
}

export interface Outcome {
  readonly seed: number;
  readonly workload: string;
  /** What was wrong; empty where nothing was. */
  readonly problems: readonly string[];
  /** What was not as it should be, and is excused by what arrived after its sender was gone. */
  readonly excused: readonly string[];
  readonly trace: Trace;
  /** When all was caught up, ms of virtual time after the last fault. */
  readonly caughtUpAfterMs: number;
}

/** After the last fault all must be caught up within this time, ms: sessions and transactions end by time-outs first. */
const livenessMs = 60_000;
/** Then nothing more may come for this long, ms. */
const quietMs = 3_000;
const lookEveryMs = 250;
/** Inputs that there are of each workload: the undisturbed run of one is done once. */
const inputs = 4;

/** Runs one schedule: the same seed, the same run. */
export const runSchedule = async ({ seed, workload, traced = false }: ScheduleOptions): Promise<Outcome> => {
  const state = await undisturbedState(workload, seed % inputs);
  return (await run(workload, seed, seed % inputs, false, traced, state)).outcome;
};

type State = ReadonlyMap<string, readonly string[]>;

const undisturbed = new Map<string, Promise<State>>();

/** What is in the changelogs after a run in which nothing goes wrong. */
const undisturbedState = (workload: Workload, input: number): Promise<State> => {
  const name = `${workload.name}/${input}`;
  let state = undisturbed.get(name);
  if (state === undefined) {
    state = run(workload, 1, input, true, false, undefined).then(({ outcome, state: left }) => {
      if (outcome.problems.length > 0)
        throw new Error(`without any fault, ${name}: ${outcome.problems.join("\n")}`);
      return left;
    });
    undisturbed.set(name, state);
  }
  return state;
};

const run = async (
  workload: Workload,
  seed: number,
  inputSeed: number,
  calm: boolean,
  traced: boolean,
  expectedState: State | undefined,
): Promise<{ readonly outcome: Outcome; readonly state: State }> => {
  const clock = new VirtualClock({ seed });
  const random = (): number => clock.random();
  const trace = new Trace(clock);
  const say = traced ? trace.add : undefined;
  const variant: Variant = {
    caching: calm || random() < 0.5,
    commitIntervalMs: calm ? 100 : oneOf(random, [40, 100, 300]),
  };
  const chaos = new Chaos(clock, calm, say ?? (() => undefined));
  const { weather, markerMs, hiccups } = chaos;
  const stragglers = new Stragglers(() => cluster.brokers, workload.app?.guarantee);
  const cluster: SimulatedCluster = simulatedCluster({
    clock,
    late: stragglers.take,
    weather,
    markerMs,
    hiccups,
    ...(say !== undefined && { trace: say }),
  });
  for (const [topic, partitions] of Object.entries(workload.topics))
    cluster.createTopic({ topic, partitions, configs: {} });
  for (const [topic, partitions] of Object.entries(workload.created ?? {}))
    clock.setTimeout(
      () => {
        cluster.createTopic({ topic, partitions, configs: {} });
        say?.(`${topic} is there`);
      },
      below(random, faultsMs * 0.8),
    );
  const portions = workload.input(seededRandom(inputSeed + 1), clock.now() - 3_600_000);
  const input = portions.flat();
  const moments = portions.map(() => below(random, faultsMs * 0.8)).toSorted((a, b) => a - b);
  for (const [at, portion] of portions.entries())
    clock.setTimeout(() => write(clock, cluster, portion, say), moments[at] ?? 0);
  // Where records get lost on the way, it is seen in the end which of them were left.
  const loses = (workload.recreated ?? workload.recordsExpire) !== undefined;
  const possible = workload.expected(input, variant);
  const expected = (): readonly Expectation[] =>
    loses ? workload.expected(left(cluster, input), variant) : possible;
  const disks = calm ? undefined : Disks.of(seed, clock, say ?? (() => undefined));
  const places = calm ? {} : placement(seed);
  const members = new Members(
    {
      clock,
      cluster,
      workload,
      static: !calm && random() < 0.25,
      trace: say,
      stragglers,
      disk: disks && ((member) => disks.of(member)),
      app: {
        ...variant,
        ...places,
        ...workload.app,
        sessionTimeoutMs: 6_000,
        heartbeatIntervalMs: 1_000,
        rebalanceTimeoutMs: 6_000,
        transactionTimeoutMs: 4_000,
        repartitionPurgeIntervalMs: 1_500,
        metadataMaxAgeMs: 3_000,
      },
    },
    calm ? 1 : 1 + below(random, 3),
  );
  const standbys: Standbys = { clock, cluster, members, stragglers, replicas: places.standbyReplicas ?? 0 };
  chaos.start(cluster, members, workload);
  await clock.runFor(faultsMs);
  chaos.end(cluster);
  say?.("no more faults");
  const from = clock.monotonic();
  // Cheapest first: as long as something is missing the rest is not looked at.
  const checks: readonly (() => readonly string[])[] = [
    () => members.failures,
    () => positionDifferences(cluster, workload, input),
    () => outputDifferences(cluster, expected(), possible, (topic) => stragglers.olderFor(topic)),
    () => (expectedState === undefined ? [] : stateDifferences(cluster, workload, expectedState)),
    () => rowDifferences(cluster, workload, input),
  ];
  const check = (): readonly string[] => {
    for (const one of checks) {
      const found = one();
      if (found.length > 0) return found;
    }
    return [];
  };
  let problems = check();
  const caughtUp = (): boolean => problems.length === 0 && members.allRun;
  while (!caughtUp() && members.failures.length === 0 && clock.monotonic() - from < livenessMs) {
    await clock.runFor(lookEveryMs);
    problems = check();
  }
  const caughtUpAfterMs = clock.monotonic() - from;
  if (caughtUp()) {
    await clock.runFor(quietMs);
    problems = check();
    if (!calm && problems.length === 0) problems = await standbysFollow(standbys);
    if (!calm && problems.length === 0)
      problems = [...(await joinLate({ clock, cluster, workload, members, places })), ...check()];
    if (!calm && problems.length === 0) problems = [...(await standbysFollow(standbys)), ...check()];
  } else {
    problems = [
      `not caught up ${livenessMs} ms after the last fault`,
      ...checks.flatMap((one) => one()),
      ...members.states,
    ];
  }
  const excused =
    problems.length > 0
      ? []
      : [...stragglers.fenced, ...outputDifferences(cluster, expected(), possible, () => new Set())];
  const state = stateOf(cluster, workload);
  members.killAll();
  cluster.close();
  return { outcome: { seed, workload: workload.name, problems, excused, trace, caughtUpAfterMs }, state };
};

const write = (
  clock: VirtualClock,
  cluster: SimulatedCluster,
  portion: readonly InputRecord[],
  say: ((line: string) => void) | undefined,
): void => {
  if (!portion.every(({ topic }) => cluster.brokers.topics.has(topic.name))) {
    clock.setTimeout(() => write(clock, cluster, portion, say), 100);
    return;
  }
  for (const { topic, key, value, timestamp } of portion) cluster.pipe(topic, key, value, { timestamp });
  say?.(`${portion.length} records are written`);
};

/** What is in the topics of the input now. */
const left = (cluster: SimulatedCluster, input: readonly InputRecord[]): readonly InputRecord[] =>
  [...new Set(input.map(({ topic }) => topic))].flatMap((topic) =>
    cluster.read(topic).map(({ key, value, timestamp }) => ({ topic, key, value, timestamp })),
  );

/** `excused`: keys of a topic whose counts may end too low. */
const outputDifferences = (
  cluster: SimulatedCluster,
  expected: readonly Expectation[],
  possible: readonly Expectation[],
  excused: (topic: string) => ReadonlySet<string>,
): readonly string[] =>
  expected.flatMap(({ topic, how, values }, at) => {
    const actual = new Map<string, string[]>();
    for (const { key, value } of cluster.read(topic)) addTo(actual, textOf(key), String(value));
    const may = new Map(possible[at]?.values ?? values);
    if (how === "reaches")
      for (const key of excused(topic.name)) {
        may.delete(key);
        actual.delete(key);
      }
    return differences(topic.name, how, actual, values, may);
  });

const textOf = (key: unknown): string => {
  if (typeof key === "string") return key;
  if (typeof key === "object" && key !== null && "key" in key && "start" in key)
    return `${String(key.key)}@${String(key.start)}`;
  throw new MillraceError(`a key that is no text: ${JSON.stringify(key)}`, { code: "SIMULATION" });
};

/** Whether the committed positions have come to the ends of the input. */
const positionDifferences = (
  cluster: SimulatedCluster,
  workload: Workload,
  input: readonly InputRecord[],
): readonly string[] => {
  const { offsets } = cluster.brokers.group(workload.name);
  return [...new Set(input.map(({ topic }) => topic.name))].flatMap((topic) =>
    cluster.brokers.topic(topic).logs.flatMap((log, partition) => {
      // What retention has deleted is read by nobody: a position that was put behind it is committed with the next record.
      const committed = Math.max(offsets.get(topic, partition)?.offset ?? 0, log.startOffset);
      const end = log.endOffset(true);
      // Nothing was written to the topic that was made anew: what is committed belongs to the one before, and stays.
      if (end === 0 && workload.recreated?.includes(topic) === true) return [];
      return committed === end ? [] : [`${topic}-${partition}: ${committed} committed of ${end}`];
    }),
  );
};

/** What the changelogs hold, by store and key, in hex. */
const stateOf = (cluster: SimulatedCluster, workload: Workload): State => {
  const state = new Map<string, string[]>();
  for (const store of workload.stores)
    for (const log of cluster.brokers.topics.get(`${workload.name}-${store}-changelog`)?.logs ?? [])
      for (const { record } of log.read(log.startOffset, true, Number.MAX_SAFE_INTEGER).entries) {
        if (record === undefined) continue;
        const { bytes, keyLength, valueLength } = record;
        const key = `${store} ${bytes.toString("latin1", 0, Math.max(0, keyLength)).replaceAll(/[^\w@-]/g, ".")} (${bytes.toString("hex", 0, Math.max(0, keyLength))})`;
        if (valueLength < 0) state.delete(key);
        else state.set(key, [bytes.toString("hex", keyLength)]);
      }
  return state;
};

const stateDifferences = (
  cluster: SimulatedCluster,
  workload: Workload,
  expected: State,
): readonly string[] => differences("state", "all", stateOf(cluster, workload), expected);

const rowDifferences = (
  cluster: SimulatedCluster,
  workload: Workload,
  input: readonly InputRecord[],
): readonly string[] => {
  if (workload.rows === undefined) return [];
  const names = [...stateOf(cluster, workload).keys()];
  return [...workload.rows(input)].flatMap(([store, expected]) => {
    const rows = names.filter((name) => name.startsWith(`${store} `)).length;
    return rows === expected ? [] : [`${rows} rows in the changelog of "${store}", expected ${expected}`];
  });
};
