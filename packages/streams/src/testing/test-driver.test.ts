import { expect, test } from "vitest";
import {
  count,
  foreach,
  globalTable,
  groupBy,
  groupByKey,
  join,
  keyValueStore,
  long,
  mapValues,
  process,
  selectKey,
  stream,
  string,
  table,
  to,
  topic,
  topology,
  toStream,
} from "../index.ts";
import { partitionForKey } from "../transport/murmur2.ts";
import { TestDriver } from "./index.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: long() });
const counts = keyValueStore("counts", { key: string(), value: long() });
const keys = ["a", "b", "c", "d", "e"];
const counting = topology(
  "counting",
  stream(input).pipe(groupByKey(), count({ store: "counts" }), toStream(), to(output)),
);
const partitionOf = (key: string, partitions: number): number =>
  partitionForKey(Buffer.from(key), partitions);

test("of several partitions each has a task and a store of its own, and outputs say theirs", () => {
  const driver = new TestDriver(counting, { partitions: { in: 3, out: 2 } });
  for (const key of keys) driver.pipeInput(input, key, "v");
  expect(driver.readOutput(output).map(({ key, partition }) => [key, partition])).toEqual(
    keys.map((key) => [key, partitionOf(key, 2)]),
  );
  for (const partition of [0, 1, 2])
    expect([...driver.store(counts, partition).all()].map(([key]) => key)).toEqual(
      keys.filter((key) => partitionOf(key, 3) === partition),
    );
  expect(() => driver.store(counts)).toThrow('store "counts" has 3 partitions: say which one');
  expect(() => driver.store(counts, 3)).toThrow('store "counts" has 3 partitions, and none 3');
  const changelog = driver.produced.filter(({ topic: of }) => of === "counting-counts-changelog");
  expect(changelog.map(({ partition }) => partition)).toEqual(keys.map((key) => partitionOf(key, 3)));
});

test("a record goes to the partition that it names, and equal keys meet again after a repartition", () => {
  const regrouped = topology(
    "regrouped",
    stream(input).pipe(
      groupBy((value) => value, { key: string() }),
      count({ store: "counts" }),
      toStream(),
      to(output),
    ),
  );
  const driver = new TestDriver(regrouped, { partitions: { in: 4 } });
  for (const partition of [0, 1, 2, 3]) driver.pipeInput(input, "k", "same", { partition });
  expect(driver.readKeyValues(output)).toEqual([1, 2, 3, 4].map((times) => ["same", times]));
  const repartition = driver.produced.filter(({ topic: of }) => of.endsWith("-repartition"));
  expect(new Set(repartition.map(({ partition }) => partition))).toEqual(new Set([partitionOf("same", 4)]));
  expect(() => driver.pipeInput(input, "k", "v", { partition: 4 })).toThrow(
    '"in" has 4 partitions, and none 4',
  );
});

test("topics that have to be partitioned alike are refused where they are not", () => {
  const texts = topic("out", { key: string(), value: string() });
  const joined = topology(
    "joined",
    stream(input).pipe(
      join(table(topic("other", { key: string(), value: string() }), { store: "others" }), (a, b) => a + b),
      to(texts),
    ),
  );
  expect(() => new TestDriver(joined, { partitions: { in: 2, other: 3 } })).toThrow(
    expect.objectContaining({ code: "COPARTITION" }),
  );
});

test("outputs have their headers, and values and pairs can be read alone", () => {
  const texts = topic("out", { key: string(), value: string() });
  const copying = topology(
    "copying",
    stream(input).pipe(
      mapValues((value) => value.toUpperCase()),
      to(texts),
    ),
  );
  const driver = new TestDriver(copying);
  const headers = [["trace", Buffer.from("1")]] as const;
  driver.pipeInput(input, "k", "a", { timestamp: 5, headers });
  expect(driver.readOutput(texts)).toEqual([{ key: "k", value: "A", timestamp: 5, headers, partition: 0 }]);
  driver.pipeInput(input, "k", "b", 6);
  driver.pipeInput(input, "l", "c", 7);
  expect(driver.readValues(texts)).toEqual(["B", "C"]);
  driver.pipeInput(input, "l", "d");
  expect(driver.readKeyValues(texts)).toEqual([["l", "D"]]);
  expect(driver.readValues(texts)).toEqual([]);
});

test("topics that are not the topology's are told apart from those to which nothing was written", () => {
  const driver = new TestDriver(counting);
  expect(driver.readOutput(output)).toEqual([]);
  const unknown = topic("outt", { key: string(), value: long() });
  expect(() => driver.readOutput(unknown)).toThrow(
    '"outt" is no topic of "counting": it reads and writes "in", "out"',
  );
  expect(() => driver.pipeInput(unknown, "k", 1)).toThrow('"outt" is not a source topic of "counting"');
});

test("stores are found by their definitions, with their types, or by name, those of global tables too", () => {
  const rates = topic("rates", { key: string(), value: long() });
  const ofRates = keyValueStore("rates", { key: string(), value: long() });
  const driver = new TestDriver(
    topology(
      "both",
      stream(input).pipe(groupByKey(), count({ store: "counts" })),
      globalTable(rates, { store: "rates" }),
    ),
    { partitions: { rates: 3, in: 1 } },
  );
  driver.pipeInput(rates, "EUR", 2);
  driver.pipeInput(rates, "CHF", 3);
  driver.store(counts).put("a", 41);
  driver.pipeInput(input, "a", "v");
  expect(driver.store<typeof counts>("counts").get("a")).toBe(42);
  expect([...driver.store(ofRates).all()]).toEqual([
    ["CHF", 3],
    ["EUR", 2],
  ]);
  expect(() => driver.store("none")).toThrow('there is no store "none" in "both"');
});

test("a topology that feeds itself ends with an error instead of never", () => {
  const looping = topology(
    "looping",
    stream(input).pipe(
      selectKey((_, key) => `${key}!`.slice(-3), { key: string() }),
      to(input),
    ),
  );
  expect(() => new TestDriver(looping).pipeInput(input, "k", "v")).toThrow(
    expect.objectContaining({ code: "ENDLESS_LOOP" }),
  );
});

test("stores that change each other without end are an error, too", () => {
  const ping = keyValueStore("ping", { key: string(), value: long() });
  const rebounding = topology(
    "rebounding",
    stream(input).pipe(
      process({
        stores: { ping },
        create: ({ stores }) => {
          stores.ping.onFlush(({ key, value }) => stores.ping.put(key, (value ?? 0) + 1, 0));
          return ({ key }) => stores.ping.put(key, 0, 0);
        },
      }),
      foreach(() => undefined),
    ),
  );
  expect(() => new TestDriver(rebounding).pipeInput(input, "k", "v")).toThrow(
    expect.objectContaining({ code: "ENDLESS_LOOP" }),
  );
});
