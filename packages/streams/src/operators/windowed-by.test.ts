import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  count,
  type EmitOptions,
  groupByKey,
  hopping,
  long,
  noGrace,
  sessions,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  tumbling,
  windowed,
  windowedBy,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: windowed(string(), 10), value: long() });

const driverOf = (options: EmitOptions, grace = 0): TestDriver =>
  new TestDriver(
    topology(
      "windows",
      stream(input).pipe(
        groupByKey(),
        windowedBy(tumbling(10, { grace }), options),
        count({ store: "counts" }),
        toStream(),
        to(output),
      ),
    ),
    { lateTopic: "late", startTime: 1_000 },
  );

const seen = (driver: TestDriver): readonly string[] =>
  driver.readOutput(output).map(({ key, value }) => `${key.key}@${key.start}=${value}`);

describe("what is emitted", () => {
  test("updates: each change, once per commit", () => {
    const driver = driverOf({});
    for (const at of [1, 2, 12]) driver.pipeInput(input, "a", "", at);
    expect(seen(driver)).toEqual(["a@0=1", "a@0=2", "a@10=1"]);
  });

  test("finals: one record per window, when stream time passes its end and grace", () => {
    const driver = driverOf({ emit: "finals" }, 5);
    for (const at of [1, 2, 14, 14]) driver.pipeInput(input, "a", "", at);
    expect(seen(driver)).toEqual([]);
    driver.pipeInput(input, "b", "", 15);
    expect(seen(driver)).toEqual(["a@0=2"]);
  });

  test("both: updates while it is open, then the final, and nothing after", () => {
    const driver = driverOf({ emit: "both" });
    driver.pipeInput(input, "a", "", 1);
    driver.pipeInput(input, "a", "", 11);
    driver.pipeInput(input, "a", "", 2);
    expect(seen(driver)).toEqual(["a@0=1", "a@0=1", "a@10=1"]);
    expect(driver.metrics.late).toBe(1);
  });
});

test("a late record goes to the late topic as it was", () => {
  const driver = driverOf({});
  driver.pipeInput(input, "a", "in time", 25);
  driver.pipeInput(input, "a", "too late", { timestamp: 3, headers: [["h", Buffer.from("1")]] });
  const [late] = driver.produced.filter(({ topic: name }) => name === "late");
  expect(String(late?.value)).toBe("too late");
  expect(late?.headers.map(([name, value]) => [name, String(value)])).toEqual([
    ["h", "1"],
    ["millrace.original.timestamp", "3"],
  ]);
});

describe("idle input", () => {
  test("closes the windows that are over by the wall clock, once", () => {
    const driver = driverOf({ emit: "finals", closeOnIdle: 100 });
    driver.pipeInput(input, "a", "", 5);
    driver.advanceWallClock(99);
    expect(seen(driver)).toEqual([]);
    driver.advanceWallClock(1);
    expect(seen(driver)).toEqual(["a@0=1"]);
    driver.advanceWallClock(1_000);
    expect(seen(driver)).toEqual([]);
  });

  test("leaves those alone that are not over yet, and makes no other window late", () => {
    const driver = driverOf({ emit: "finals", closeOnIdle: 100 });
    driver.pipeInput(input, "a", "", 1_195);
    driver.advanceWallClock(100);
    expect(seen(driver)).toEqual([]);
    driver.pipeInput(input, "b", "", 1_193);
    driver.advanceWallClock(200);
    expect(seen(driver)).toEqual(["a@1190=1", "b@1190=1"]);
    expect(driver.metrics.late).toBe(0);
  });

  test("a window closed so takes no more records", () => {
    const driver = driverOf({ emit: "finals", closeOnIdle: 100 });
    driver.pipeInput(input, "a", "", 5);
    driver.advanceWallClock(100);
    driver.pipeInput(input, "a", "", 6);
    driver.advanceWallClock(500);
    expect(seen(driver)).toEqual(["a@0=1"]);
    expect(driver.metrics.late).toBe(1);
  });
});

describe("windows", () => {
  const times = fc.integer({ min: 0, max: 2 ** 45 });

  test("a tumbling window holds each time exactly once, aligned to the epoch", () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 2 ** 31 }), (at, size) => {
        const start = tumbling(size, noGrace).firstStart(at);
        expect(start % size).toBe(0);
        expect(start <= at && at < start + size).toBe(true);
      }),
    );
  });

  test("hopping windows hold a time in all that contain it, and in no other", () => {
    fc.assert(
      fc.property(
        times,
        fc
          .integer({ min: 1, max: 1_000 })
          .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1, max: size }))),
        (at, [size, advance]) => {
          const first = hopping(size, advance, noGrace).firstStart(at);
          expect(first % advance).toBe(0);
          expect(first <= at && at < first + size).toBe(true);
          const before = first - advance;
          expect(before < 0 || before + size <= at).toBe(true);
        },
      ),
    );
  });
});

test("sessions refuse options of windows that a clock ends, and do not pass over them", () => {
  for (const options of [{ closeOnIdle: 100 }, { streamTime: "task" }, { closedStore: {} }] as const) {
    const unchecked: object = { emit: "finals", ...options };
    expect(() =>
      stream(input).pipe(
        groupByKey(),
        windowedBy(sessions(10, { grace: 0 }), unchecked),
        count({ store: "sessions" }),
      ),
    ).toThrow(`${Object.keys(options)[0]} is of no use to sessions`);
  }
});
