import { expect, test } from "vitest";
import {
  count,
  groupByKey,
  join,
  long,
  mapValues,
  noGrace,
  nullable,
  stream,
  string,
  suppress,
  type Suppressed,
  table,
  to,
  topic,
  topology,
  toStream,
  tumbling,
  untilTimeLimit,
  untilWindowCloses,
  windowed,
  windowedBy,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";

const input = topic("in", { key: string(), value: nullable(string()) });

const ofTable = (until: Suppressed<string>): TestDriver =>
  new TestDriver(
    topology(
      "limited",
      table(input, { store: "t" }).pipe(suppress(until, { store: "held" }), toStream(), to(output)),
    ),
  );

const output = topic("out", { key: string(), value: nullable(string()) });

const seen = (driver: TestDriver): readonly string[] =>
  driver.readOutput(output).map(({ key, value }) => `${key}=${value}`);

test("tells one result per window, once it is closed", () => {
  const out = topic("out", { key: windowed(string(), 10), value: long() });
  const driver = new TestDriver(
    topology(
      "closed",
      stream(input).pipe(
        groupByKey(),
        windowedBy(tumbling(10, noGrace)),
        count({ store: "counts" }),
        suppress(untilWindowCloses(), { store: "held" }),
        toStream(),
        to(out),
      ),
    ),
  );
  for (const at of [1, 2, 9]) driver.pipeInput(input, "a", "", at);
  expect(driver.readOutput(out)).toEqual([]);
  driver.pipeInput(input, "b", "", 10);
  expect(driver.readOutput(out).map(({ key, value }) => [key.key, value])).toEqual([["a", 3]]);
});

test("an update of what waits takes its place, a deletion too", () => {
  const driver = ofTable(untilTimeLimit(10));
  driver.pipeInput(input, "a", "1", 0);
  driver.pipeInput(input, "b", "2", 1);
  driver.pipeInput(input, "a", null, 9);
  expect(seen(driver)).toEqual([]);
  driver.pipeInput(input, "c", "3", 11);
  expect(seen(driver)).toEqual(["a=null", "b=2"]);
});

test("a full buffer tells the oldest early, by records or by bytes", () => {
  for (const bounds of [{ maxRecords: 2 }, { maxBytes: 70 }]) {
    const driver = ofTable(untilTimeLimit(1000, { ...bounds, whenFull: "emitEarly" }));
    for (const [at, key] of ["a", "b", "c"].entries()) driver.pipeInput(input, key, "x", at);
    expect(seen(driver)).toEqual(["a=x"]);
  }
});

test("a full buffer that may tell nothing early stops the task, and says which and why", () => {
  const driver = ofTable(untilTimeLimit(1000, { maxRecords: 1, whenFull: "shutDown" }));
  driver.pipeInput(input, "a", "x", 0);
  expect(() => driver.pipeInput(input, "b", "x", 1)).toThrow(/"held" of a suppress holds 2 records/);
});

test("until a window closes needs windows above", () => {
  const rows = stream(input).pipe(groupByKey(), count({ store: "c" }));
  // @ts-expect-error: its keys have no windows
  expect(() => rows.pipe(suppress(untilWindowCloses(), { store: "held" }))).toThrow(/untilTimeLimit/);
});

test("where windows of two tables are joined, waits for the grace of the one that takes records longest", () => {
  const out = topic("out", { key: windowed(string(), 10), value: string() });
  const other = topic("other", { key: string(), value: nullable(string()) });
  for (const graces of [
    [0, 100],
    [100, 0],
  ] as const) {
    const [left, right] = [input, other].map((source, at) =>
      stream(source).pipe(
        groupByKey(),
        windowedBy(tumbling(10, { grace: graces[at] ?? 0 })),
        count({ store: source.name, retention: 200 }),
      ),
    );
    if (left === undefined || right === undefined) throw new Error("two tables are joined");
    const driver = new TestDriver(
      topology(
        "joined",
        left.pipe(
          join(right, (a, b) => `${a} ${b}`),
          mapValues((text) => text, { value: string() }),
          suppress(untilWindowCloses(), { store: "held" }),
          toStream(),
          to(out),
        ),
      ),
    );
    const both = (key: string, at: number): void => {
      for (const source of [input, other]) driver.pipeInput(source, key, "", at);
    };
    both("a", 1);
    both("b", 50);
    expect(driver.readValues(out)).toEqual([]);
    driver.pipeInput(graces[0] > 0 ? input : other, "a", "", 2);
    both("b", 120);
    expect(driver.readOutput(out).map(({ key, value }) => [key.key, key.start, value])).toEqual([
      ["a", 0, graces[0] > 0 ? "2 1" : "1 2"],
    ]);
  }
});
