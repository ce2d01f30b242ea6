import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as joinPath } from "node:path";
import {
  type App,
  count,
  createApp,
  groupByKey,
  join,
  long,
  stream,
  string,
  table,
  to,
  topic,
  topology,
  toStream,
} from "@millrace/streams";
import { simulatedCluster } from "@millrace/streams/testing";
import { afterAll, expect, test } from "vitest";
import { lmdbState } from "./lmdb-state.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: long() });
const counting = topology(
  "counting",
  stream(input).pipe(groupByKey(), count({ store: "counts" }), toStream(), to(output)),
);
const keys = 200;

const cluster = simulatedCluster();
for (const name of ["in", "out"]) cluster.createTopic({ topic: name, partitions: 2, configs: {} });

afterAll(() => cluster.close());

const until = async (done: () => boolean): Promise<void> => {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
};

const counts = (): ReadonlyMap<string, number> =>
  new Map(cluster.read(output).map(({ key, value }) => [key, value]));

const send = (): void => {
  for (let key = 0; key < keys; key++) cluster.pipe(input, `k${key}`, "v");
};

/** An application on a directory, until every key is counted that often. */
const counted = async (directory: string, times: number): Promise<App> => {
  const app = createApp(counting, {
    transport: cluster.transport(),
    commitIntervalMs: 20,
    state: await lmdbState({ directory }),
  });
  await app.start();
  await until(() => counts().size === keys && [...counts().values()].every((value) => value === times));
  return app;
};

test("an application that comes back to its directory reads only what is new, and counts on", async () => {
  const directory = mkdtempSync(joinPath(tmpdir(), "millrace-lmdb-"));
  try {
    send();
    await (await counted(directory, 1)).stop();
    send();
    const again = await counted(directory, 2);
    expect(again.metrics.restored).toBe(0);
    await again.stop();
    // Without it everything is read back, and comes to the same.
    rmSync(directory, { recursive: true });
    send();
    const anew = await counted(directory, 3);
    expect(anew.metrics.restored).toBeGreaterThanOrEqual(keys);
    await anew.stop();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

test("a table whose topic is its changelog reads only what is new of it, too", async () => {
  const names = topic("names", { key: string(), value: string() });
  const greetings = topic("greetings", { key: string(), value: string() });
  for (const name of ["names", "greetings"]) cluster.createTopic({ topic: name, partitions: 2, configs: {} });
  const greeting = topology(
    "greeting",
    stream(input).pipe(
      join(table(names, { store: "names", sourceAsChangelog: true }), (word, name) => `${word} ${name}`),
      to(greetings),
    ),
  );
  const directory = mkdtempSync(joinPath(tmpdir(), "millrace-lmdb-"));
  const greeted = async (words: readonly string[]): Promise<App> => {
    const app = createApp(greeting, {
      transport: cluster.transport(),
      commitIntervalMs: 20,
      state: await lmdbState({ directory }),
      startFrom: "latest",
    });
    await app.start();
    await until(() => app.tasks.active.length === 2);
    for (let key = 0; key < keys; key++) for (const word of words) cluster.pipe(input, `k${key}`, word);
    await until(
      () =>
        cluster.read(greetings).filter(({ value }) => words.includes(value.split(" ")[0] ?? "")).length ===
        keys,
    );
    return app;
  };
  try {
    for (let key = 0; key < keys; key++) cluster.pipe(names, `k${key}`, `n${key}`);
    // The table is whole, although nothing is read from before the start.
    const first = await greeted(["hello"]);
    expect(first.metrics.restored).toBe(keys);
    await first.stop();
    cluster.pipe(names, "k7", "new");
    const again = await greeted(["bye"]);
    expect(again.metrics.restored).toBe(0);
    await again.stop();
    expect(
      cluster
        .read(greetings)
        .filter(({ key, value }) => key === "k7" && value.startsWith("bye"))
        .map(({ value }) => value),
    ).toEqual(["bye new"]);
    rmSync(directory, { recursive: true });
    const anew = await greeted(["ciao"]);
    expect(anew.metrics.restored).toBeGreaterThan(keys);
    await anew.stop();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
