import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type App,
  type AppOptions,
  count,
  createApp,
  foreach,
  globalTable,
  groupByKey,
  hours,
  joinStore,
  keyValueStore,
  long,
  process,
  sessions,
  sessionStore,
  stream,
  string,
  topic,
  topology,
  tumbling,
  versionedStore,
  windowedBy,
  windowStore,
} from "../../index.ts";
import {
  type SimulatedCluster,
  simulatedCluster,
  type SimulatedProcess,
  type SimulatedTransport,
  VirtualClock,
} from "../../testing/index.ts";
import { partitionForKey } from "../../transport/murmur2.ts";

const input = topic("in", { key: string(), value: string() });
const rates = topic("rates", { key: string(), value: string() });
const partitions = 3;
const keys = ["a", "b", "c", "d", "e", "f"];
const start = Date.UTC(2026, 0, 1);

const counts = keyValueStore("counts", { key: string(), value: long() });
const byHour = windowStore("by-hour", {
  key: string(),
  value: long(),
  windowSize: hours(1),
  retention: hours(2),
});
const visits = sessionStore("visits", { key: string(), value: long(), retention: hours(2) });
const versions = versionedStore("versions", { key: string(), value: string(), historyRetention: hours(1) });
const sides = joinStore("sides", { key: string(), value: string(), retention: hours(1) });
const ofRates = keyValueStore("rates", { key: string(), value: string() });

const grouped = stream(input).pipe(groupByKey());
const queried = topology(
  "queried",
  grouped.pipe(count({ store: "counts" })),
  grouped.pipe(windowedBy(tumbling(hours(1), { grace: hours(2) })), count({ store: "by-hour" })),
  grouped.pipe(windowedBy(sessions(1_000, { grace: hours(2) })), count({ store: "visits" })),
  stream(input).pipe(
    process({
      stores: { versions, sides },
      create:
        ({ stores }) =>
        ({ key, value, timestamp }) =>
          void stores.versions.put(key, value, timestamp),
    }),
    foreach(() => undefined),
  ),
  globalTable(rates, { store: "rates" }),
);

interface Member {
  readonly app: App;
  readonly process: SimulatedProcess;
  readonly transport: SimulatedTransport;
}

let clock: VirtualClock;
let cluster: SimulatedCluster;

beforeEach(() => {
  clock = new VirtualClock({ startTime: start });
  cluster = simulatedCluster({ clock });
  for (const name of ["in", "rates"]) cluster.createTopic({ topic: name, partitions, configs: {} });
  cluster.pipe(rates, "EUR", "1.1");
});

afterEach(() => cluster.close());

const member = (options: Partial<AppOptions> = {}): Member => {
  const own = cluster.process();
  const transport = cluster.transport(own);
  return {
    app: createApp(queried, { transport, clock: own, log: () => undefined, ...options }),
    process: own,
    transport,
  };
};

const running = async (options: Partial<AppOptions> = {}): Promise<App> => {
  const { app } = member(options);
  await clock.run(app.start());
  await clock.runUntil(() => app.state === "running", 60_000);
  return app;
};

const pipeAll = (value: string, timestamp: number): void => {
  for (const key of keys) cluster.pipe(input, key, value, { timestamp });
};

const partitionOf = (key: string): number => partitionForKey(Buffer.from(key), partitions);

const codeOf = (read: () => unknown): unknown => {
  try {
    read();
    return "answered";
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

test("reads of all kinds of stores answer what all partitions hold, in order", async () => {
  const app = await running();
  pipeAll("1", start);
  pipeAll("2", start + 500);
  pipeAll("3", start + hours(1));
  await clock.runFor(1_000);
  const rows = keys.map((key) => [key, 3]);
  const store = app.store(counts);
  expect(store.get("a")).toBe(3);
  expect(store.get("none")).toBeUndefined();
  expect([store.has("b"), store.has("none")]).toEqual([true, false]);
  expect([...store.all()]).toEqual(rows);
  expect([...store.reverseAll()]).toEqual(rows.toReversed());
  expect([...store.range("b", "d")]).toEqual(rows.slice(1, 4));
  expect([...store.reverseRange("b", undefined)]).toEqual(rows.slice(1).toReversed());
  expect([...store.prefixScan(Buffer.from("c"))]).toEqual([["c", 3]]);
  expect(store.approximateEntries()).toBe(keys.length);

  const windows = app.store(byHour);
  expect(windows.fetch("a", start)).toBe(2);
  expect([...windows.fetch("a", start, start + hours(1))].map(({ value }) => value)).toEqual([2, 1]);
  expect([...windows.backwardFetch("a", start, start + hours(1))].map(({ value }) => value)).toEqual([1, 2]);
  expect([...windows.fetchAll(start, start)].map(({ key }) => key)).toEqual(keys);
  expect([...windows.backwardFetchAll(start, start)].map(({ key }) => key)).toEqual(keys.toReversed());

  const sessionsOf = app.store(visits);
  expect(sessionsOf.fetchSession("a", start, start + 500)).toBe(2);
  expect([...sessionsOf.fetch("a")].map(({ value }) => value)).toEqual([2, 1]);
  expect([...sessionsOf.backwardFetch("a")].map(({ value }) => value)).toEqual([1, 2]);
  expect([...sessionsOf.findSessions("a", start + 600, start + hours(1))]).toHaveLength(1);
  expect([...sessionsOf.backwardFindSessions("a", start, start)]).toHaveLength(1);
  expect([...sessionsOf.fetchAll(start, start + 500)].map(({ key }) => key)).toEqual(keys);

  const history = app.store(versions);
  expect(history.get("a")?.value).toBe("3");
  expect(history.get("a", start + 500)?.value).toBe("2");
  expect([...history.fetch("a", start, start + hours(1))].map(({ value }) => value)).toEqual(["1", "2", "3"]);
  expect([...history.backwardFetch("a", start + 500, start + hours(1))].map(({ value }) => value)).toEqual([
    "3",
    "2",
  ]);

  expect(app.store(ofRates).get("EUR")).toBe("1.1");
  expect(app.store<typeof counts>("counts").get("f")).toBe(3);
});

test("committed reads show nothing of a transaction that is open, uncommitted ones do", async () => {
  const app = await running({ commitIntervalMs: 2_000, transactionTimeoutMs: 60_000 });
  pipeAll("1", start);
  await clock.runFor(3_000);
  pipeAll("2", start + 1);
  await clock.runFor(500);
  const committed = app.store(counts);
  const uncommitted = app.store(counts, { isolation: "uncommitted" });
  expect([committed.get("a"), uncommitted.get("a")]).toEqual([1, 2]);
  expect([...committed.all()]).toEqual(keys.map((key) => [key, 1]));
  expect([...uncommitted.all()]).toEqual(keys.map((key) => [key, 2]));
  expect(app.store(byHour).fetch("a", start)).toBe(1);
  expect(app.store(versions).get("a")?.value).toBe("1");
  expect([...app.store(visits).fetch("a")].map(({ value }) => value)).toEqual([1]);
  await clock.runFor(3_000);
  expect([committed.get("a"), uncommitted.get("a")]).toEqual([2, 2]);
});

test("positions tell how much of its changelog a partition includes, and move with commits", async () => {
  const app = await running();
  const store = app.store(counts);
  pipeAll("1", start);
  await clock.runFor(1_000);
  const before = store.positions;
  expect([...before.keys()]).toEqual([0, 1, 2]);
  expect(store.partitions).toEqual([0, 1, 2]);
  pipeAll("2", start + 1);
  await clock.runFor(1_000);
  const moved = [...store.positions].filter(
    ([partition, position]) => position > (before.get(partition) ?? 0),
  );
  expect(moved.map(([partition]) => partition)).toEqual(
    [0, 1, 2].filter((partition) => keys.some((key) => partitionOf(key) === partition)),
  );
});

test("a filter of partitions reads these alone", async () => {
  const app = await running();
  pipeAll("1", start);
  await clock.runFor(1_000);
  const found = [0, 1, 2].map((partition) =>
    [...app.store(counts, { partitions: [partition] }).all()].map(([key]) => key),
  );
  expect(found).toEqual([0, 1, 2].map((partition) => keys.filter((key) => partitionOf(key) === partition)));
  const other = app.store(counts, { partitions: [(partitionOf("a") + 1) % partitions] });
  expect(other.get("a")).toBeUndefined();
  expect(codeOf(() => app.store(counts, { partitions: [partitions] }).all())).toBe("STORE_ELSEWHERE");
});

test("of two members each answers for its own keys, and says of the others' that they are elsewhere", async () => {
  const apps = [await running(), await running()];
  await clock.runUntil(
    () => apps.every(({ tasks, state }) => state === "running" && tasks.active.length > 0),
    60_000,
  );
  pipeAll("1", start);
  await clock.runFor(1_000);
  const all = apps.flatMap((app) => [...app.store(counts).all()]);
  expect(all.map(([key]) => key).toSorted()).toEqual(keys);
  for (const app of apps) {
    const store = app.store(counts);
    for (const key of keys)
      expect([key, codeOf(() => store.get(key))]).toEqual([
        key,
        store.partitions.includes(partitionOf(key)) ? "answered" : "STORE_ELSEWHERE",
      ]);
    const [elsewhere] = [0, 1, 2].filter((partition) => !store.partitions.includes(partition));
    expect(() => app.store(counts, { partitions: [elsewhere ?? -1] }).all()).toThrow(
      `store "counts": partition ${elsewhere} is not with this member of "queried": ask the one that has it`,
    );
  }
});

test("while a partition is restored its keys can't be read, and trying again is right", async () => {
  const first = await running();
  pipeAll("1", start);
  await clock.runFor(1_000);
  await clock.run(first.stop());
  const { app } = member();
  const refusals = new Set<string>();
  let restored: unknown;
  const started = app.start();
  for (let at = 0; at < 20_000 && restored === undefined; at++) {
    await clock.runFor(1);
    try {
      restored = app.store(counts).get("a");
    } catch (error) {
      const { code, retriable } = error as { code: string; retriable: boolean };
      refusals.add(`${code} ${retriable}`);
    }
  }
  await clock.run(started);
  expect(restored).toBe(1);
  expect([...refusals]).toEqual(["STORE_NOT_OPEN true", "STORE_RESTORING true"]);
});

test("an application that is not at work answers nothing", async () => {
  const { app } = member();
  const store = app.store(counts);
  expect(codeOf(() => store.get("a"))).toBe("STORE_NOT_OPEN");
  await clock.run(app.start());
  await clock.run(app.stop());
  expect(() => store.get("a")).toThrow(
    'store "counts" can\'t be queried: the application is stopped; ask another member, or start it again',
  );
});

test("stores that the topology does not have, or that can't be read from outside, are refused at once", () => {
  const { app } = member();
  expect(() => app.store("none")).toThrow(
    'store "none" can\'t be queried: "queried" has no store of that name',
  );
  expect(() => app.store(keyValueStore("visits", { key: string(), value: long() }))).toThrow(
    'store "visits" can\'t be queried: it is of the kind session, not keyValue',
  );
  expect(codeOf(() => app.store("sides"))).toBe("STORE_UNKNOWN");
});

test("standbys answer where stale reads are asked for, with how far they have come, and nowhere else", async () => {
  const options = { standbyReplicas: 1, acceptableRecoveryLag: 1_000_000 };
  const first = await running(options);
  const second = await running(options);
  const isShared = (): boolean =>
    [first, second].every(({ tasks, state }) => state === "running" && tasks.active.length > 0);
  expect(await clock.runUntil(isShared, 60_000)).toBe(true);
  pipeAll("1", start);
  pipeAll("2", start + 500);
  await clock.runFor(5_000);
  for (const app of [first, second]) {
    const own = app.store(counts);
    const all = app.store(counts, { stale: true });
    expect(own.partitions.length).toBeLessThan(partitions);
    expect(all.partitions).toEqual([0, 1, 2]);
    expect([...all.all()]).toEqual(keys.map((key) => [key, 2]));
    expect([...all.positions.values()].every((position) => position > 0)).toBe(true);
    expect(app.store(byHour, { stale: true }).fetch("a", start)).toBe(2);
    expect(
      keys.map((key) => app.store(visits, { stale: true }).fetchSession(key, start, start + 500)),
    ).toEqual(keys.map(() => 2));
    expect(keys.map((key) => app.store(versions, { stale: true }).get(key)?.value)).toEqual(
      keys.map(() => "2"),
    );
    const elsewhere = keys.filter(
      (key) => !own.partitions.includes(partitionForKey(Buffer.from(key), partitions)),
    );
    for (const key of elsewhere)
      expect(() => own.get(key)).toThrow(expect.objectContaining({ code: "STORE_ELSEWHERE" }));
  }
  await clock.run(Promise.all([first.stop(), second.stop()]), 60_000);
});
