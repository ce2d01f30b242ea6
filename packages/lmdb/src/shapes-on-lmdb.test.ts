import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPaths } from "node:path";
import {
  type App,
  bytes,
  count,
  createApp,
  groupByKey,
  join,
  joinWindows,
  long,
  nullable,
  outerJoin,
  sessions,
  sessionWindowed,
  stream,
  string,
  suppress,
  table,
  to,
  topic,
  type Topology,
  topology,
  toStream,
  tumbling,
  untilWindowCloses,
  versionedStore,
  windowed,
  windowedBy,
} from "@millrace/streams";
import { type SimulatedCluster, simulatedCluster } from "@millrace/streams/testing";
import { afterEach, expect, test } from "vitest";
import { lmdbState } from "./lmdb-state.ts";

const input = topic("in", { key: string(), value: string() });
const other = topic("other", { key: string(), value: string() });
const output = topic("out", { key: nullable(bytes()), value: nullable(bytes()) });
const counts = topic("out", { key: string(), value: long() });
const texts = topic("out", { key: string(), value: string() });
const byTime = topic("out", { key: windowed(string(), 20), value: long() });
const bySession = topic("out", { key: sessionWindowed(string()), value: nullable(long()) });
const grouped = stream(input).pipe(groupByKey());
const both = (one: string | null, another: string | null): string => `${one}/${another}`;
const windows = joinWindows(50, { grace: 200 });

/** One topology for each shape of stores. */
const shapes: Readonly<Record<string, Topology>> = {
  "key-value": topology("key-value", grouped.pipe(count({ store: "counts" }), toStream(), to(counts))),
  window: topology(
    "window",
    grouped.pipe(
      windowedBy(tumbling(20, { grace: 100 })),
      count({ store: "by-time" }),
      toStream(),
      to(byTime),
    ),
  ),
  session: topology(
    "session",
    grouped.pipe(
      windowedBy(sessions(30, { grace: 200 })),
      count({ store: "visits" }),
      toStream(),
      to(bySession),
    ),
  ),
  versioned: topology(
    "versioned",
    stream(input).pipe(
      join(
        table(other, {
          store: versionedStore("others", { key: string(), value: string(), historyRetention: 1_000 }),
        }),
        both,
      ),
      to(texts),
    ),
  ),
  join: topology("join", stream(input).pipe(join(stream(other), both, { name: "j", windows }), to(texts))),
  "outer join": topology(
    "outer-join",
    stream(input).pipe(outerJoin(stream(other), both, { name: "j", windows }), to(texts)),
  ),
  suppress: topology(
    "suppress",
    grouped.pipe(
      windowedBy(tumbling(20, { grace: 100 })),
      count({ store: "by-time" }),
      suppress(untilWindowCloses(), { store: "held" }),
      toStream(),
      to(byTime),
    ),
  ),
};

const keys = 40;
/** Records of one portion in each input. */
const perPortion = 3 * keys;
const clusters: SimulatedCluster[] = [];
const directories: string[] = [];

afterEach(() => {
  for (const cluster of clusters.splice(0)) cluster.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

const newCluster = (): SimulatedCluster => {
  const cluster = simulatedCluster();
  clusters.push(cluster);
  for (const name of ["in", "other", "out"]) cluster.createTopic({ topic: name, partitions: 1, configs: {} });
  return cluster;
};

/** Records of a time, of which some are late, and some join those of the last portion. */
const send = (cluster: SimulatedCluster, portion: number): void => {
  for (let at = 0; at < perPortion; at++) {
    const timestamp = 1_000 + portion * 60 + ((at * 7) % 90);
    cluster.pipe(at % 2 === 0 ? input : other, `k${at % keys}`, `${portion}.${at}`, { timestamp });
    cluster.pipe(at % 2 === 0 ? other : input, `k${(at * 3) % keys}`, `${portion}.${at}`, { timestamp });
  }
};

const until = async (done: () => boolean): Promise<void> => {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Runs until a portion has been processed; answers how many records were restored. */
const runThrough = async (cluster: SimulatedCluster, what: Topology, directory?: string): Promise<number> => {
  const app: App = createApp(what, {
    transport: cluster.transport(),
    commitIntervalMs: 20,
    // Each change is told: what comes out does not hang on when commits come.
    caching: false,
    ...(directory !== undefined && { state: await lmdbState({ directory }) }),
  });
  await app.start();
  const sources = what.subTopologies.flatMap((part) => part.sources).length;
  await until(() => app.metrics.processed === sources * perPortion);
  const { restored } = app.metrics;
  await app.stop();
  return restored;
};

const hex = (of: Uint8Array | null): string | null => of && Buffer.from(of).toString("hex");

const outputs = (cluster: SimulatedCluster): readonly string[] =>
  cluster.read(output).map(({ key, value, timestamp }) => `${hex(key)} ${hex(value)} ${timestamp}`);

test.for(Object.entries(shapes))(
  "with its state of the shape %s kept, an application reads nothing back, and goes on as if it had never stopped",
  async ([, what]) => {
    const undisturbed = newCluster();
    const cluster = newCluster();
    const directory = mkdtempSync(joinPaths(tmpdir(), "millrace-lmdb-"));
    directories.push(directory);
    for (let portion = 0; portion < 4; portion++) {
      send(undisturbed, portion);
      await runThrough(undisturbed, what);
      send(cluster, portion);
      // The third time it has lost its directory, and comes to the same all the same.
      if (portion === 2) rmSync(directory, { recursive: true });
      const restored = await runThrough(cluster, what, directory);
      expect(restored > 0).toBe(portion === 2);
    }
    expect(outputs(cluster).length).toBeGreaterThan(keys);
    expect(outputs(cluster).toSorted()).toEqual(outputs(undisturbed).toSorted());
  },
);
