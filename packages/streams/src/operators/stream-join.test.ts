import { describe, expect, test } from "vitest";
import {
  join,
  joinWindows,
  type KStream,
  leftJoin,
  map,
  mapValues,
  noGrace,
  nullable,
  outerJoin,
  selectKey,
  stream,
  string,
  to,
  topic,
  type Topic,
  topology,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";

const texts = (name: string): Topic<string, string> => topic(name, { key: string(), value: string() });
const nulls = (name: string): Topic<string | null, string> =>
  topic(name, { key: nullable(string()), value: string() });
const [left, right] = [texts("left"), texts("right")];
const out = texts("out");
const both = (one: string | null, other: string | null): string => {
  if (one === "bad" || other === "bad") throw new Error("it is bad");
  return `${one}/${other}`;
};

const driverOf = (
  joined: (left: KStream<string, string>, right: KStream<string, string>) => KStream<string, string>,
  options: ConstructorParameters<typeof TestDriver>[1] = {},
): TestDriver =>
  new TestDriver(topology("t", joined(stream(left), stream(right)).pipe(to(out))), {
    emitIntervalMs: 0,
    ...options,
  });

const outputs = (driver: TestDriver): readonly unknown[] =>
  driver.readOutput(out).map(({ key, value, timestamp }) => [key, value, timestamp]);

const anyBoth = (one: unknown, other: unknown): string => `${String(one)}/${String(other)}`;
const rekeyed = (s: KStream<string, string>): KStream<string, string> =>
  s.pipe(selectKey((value) => value.slice(0, 1), { key: string() }));

describe("a join of streams", () => {
  test("meets what is up to `before` earlier and `after` later, both included, with the greater time", () => {
    const driver = driverOf((l, r) =>
      l.pipe(join(r, both, { name: "j", windows: joinWindows(0, { before: 2, after: 8, grace: 50 }) })),
    );
    for (const time of [7, 8, 10, 18, 19]) driver.pipeInput(right, "a", `${time}`, time);
    driver.pipeInput(left, "a", "L", 10);
    expect(outputs(driver)).toEqual([
      ["a", "L/8", 10],
      ["a", "L/10", 10],
      ["a", "L/18", 18],
    ]);
  });

  test("of one point in time meets records of that time", () => {
    const driver = driverOf((l, r) => l.pipe(join(r, both, { name: "j", windows: joinWindows(0, noGrace) })));
    driver.pipeInput(left, "a", "L", 5);
    driver.pipeInput(right, "a", "R", 5);
    driver.pipeInput(right, "a", "R2", 6);
    expect(outputs(driver)).toEqual([["a", "L/R", 5]]);
  });

  test("goes through a repartition topic for each side whose keys may have changed", () => {
    const driver = driverOf((l, r) =>
      rekeyed(l).pipe(join(rekeyed(r), both, { name: "j", windows: joinWindows(10, noGrace) })),
    );
    driver.pipeInput(left, "1", "x1", 5);
    driver.pipeInput(right, "2", "x2", 6);
    expect(outputs(driver)).toEqual([["x", "x1/x2", 6]]);
    expect(new Set(driver.produced.map(({ topic: name }) => name))).toEqual(
      new Set([
        "t-j-left-repartition",
        "t-j-right-repartition",
        "t-j-this-join-store-changelog",
        "t-j-other-join-store-changelog",
        "out",
      ]),
    );
  });

  test("names the side whose serde nobody knows, and takes it", () => {
    const unknown = stream(left).pipe(mapValues((value) => ({ value })));
    const windows = joinWindows(10, noGrace);
    expect(() => unknown.pipe(join(stream(right), anyBoth, { name: "j", windows }))).toThrow(
      /"j-this-join-store" needs a value serde.*mapValues\(\).*join\(\) as \{ left: \.\.\. \}/,
    );
    expect(() => stream(right).pipe(join(unknown, anyBoth, { name: "j", windows }))).toThrow(
      /"j-other-join-store" needs a value serde.*join\(\) as \{ right: \.\.\. \}/,
    );
    const pairs = stream(left).pipe(map((value, key) => [key, Number(value)] as const));
    const text = { ...string(), name: "number" };
    const number = {
      ...text,
      serialize: (value: number) => text.serialize(String(value)),
      deserialize: (source: Buffer, start: number, end: number) =>
        Number(text.deserialize(source, start, end)),
      check: () => undefined,
    };
    const driver = driverOf((_l, r) =>
      pairs.pipe(
        join(r, (n, other) => `${n + 1}${other}`, { name: "j", windows, key: string(), left: number }),
      ),
    );
    driver.pipeInput(left, "a", "1", 1);
    driver.pipeInput(right, "a", "R", 2);
    expect(outputs(driver)).toEqual([["a", "2R", 2]]);
  });

  test("counts what is older than anything it could meet, by a minute, as late", () => {
    const driver = driverOf((l, r) =>
      l.pipe(join(r, both, { name: "j", windows: joinWindows(10, noGrace) })),
    );
    driver.pipeInput(left, "a", "L1", 180_000);
    driver.pipeInput(left, "a", "L2", 179_000);
    expect(driver.metrics.late).toBe(0);
    driver.pipeInput(left, "a", "L3", 100_000);
    expect(driver.metrics.late).toBe(1);
    driver.pipeInput(right, "a", "R1", 100_000);
    driver.pipeInput(right, "a", "R2", 180_001);
    expect(outputs(driver)).toEqual([["a", "L1/R2", 180_001]]);
  });

  test("keeps a record whose joiner threw for those that come later", () => {
    const driver = driverOf(
      (l, r) => l.pipe(join(r, both, { name: "j", windows: joinWindows(10, noGrace) })),
      { handlers: { processing: () => "skip" } },
    );
    driver.pipeInput(right, "a", "bad", 1);
    driver.pipeInput(left, "a", "L", 2);
    driver.pipeInput(right, "a", "R", 3);
    expect(outputs(driver)).toEqual([["a", "L/R", 3]]);
  });
});

const outer = (emitIntervalMs = 0, handlers = {}): TestDriver =>
  driverOf((l, r) => l.pipe(outerJoin(r, both, { name: "j", windows: joinWindows(10, { grace: 5 }) })), {
    emitIntervalMs,
    handlers,
  });

describe("an outer join of streams", () => {
  test("lets records without a match go by time, the right side's first, then by key", () => {
    const driver = outer();
    driver.pipeInput(left, "b", "L1", 2);
    driver.pipeInput(left, "a", "L2", 2);
    driver.pipeInput(left, "a", "L3", 2);
    driver.pipeInput(right, "c", "R1", 2);
    driver.pipeInput(right, "d", "R2", 1);
    driver.pipeInput(left, "z", "at the end of their windows and grace", 17);
    expect(outputs(driver)).toEqual([["d", "null/R2", 1]]);
    driver.pipeInput(left, "z", "after it", 18);
    expect(outputs(driver)).toEqual([
      ["c", "null/R1", 2],
      ["a", "L2/null", 2],
      ["a", "L3/null", 2],
      ["b", "L1/null", 2],
    ]);
  });

  test("lets a record alone at once that comes after its window's end, and again with whom it meets", () => {
    const driver = outer();
    driver.pipeInput(left, "z", "", 20);
    driver.pipeInput(left, "a", "L", 9);
    driver.pipeInput(right, "a", "R", 9);
    expect(outputs(driver)).toEqual([
      ["a", "L/null", 9],
      ["a", "L/R", 9],
    ]);
  });

  test("lets records without a match go though the wall clock is set back", () => {
    const driver = outer();
    driver.advanceWallClock(60_000);
    driver.pipeInput(left, "a", "L1", 0);
    driver.pipeInput(left, "z", "", 100);
    expect(outputs(driver)).toEqual([["a", "L1/null", 0]]);
    driver.advanceWallClock(-30_000);
    driver.pipeInput(left, "b", "L2", 110);
    driver.pipeInput(left, "z", "", 200);
    expect(outputs(driver)).toContainEqual(["b", "L2/null", 110]);
  });

  test("looks at most once per interval of wall clock", () => {
    const driver = outer(1000);
    driver.pipeInput(left, "a", "L", 0);
    driver.pipeInput(left, "z", "", 100);
    expect(outputs(driver)).toEqual([]);
    driver.advanceWallClock(1000);
    expect(outputs(driver), "only with a record").toEqual([]);
    driver.pipeInput(left, "z", "", 100);
    expect(outputs(driver)).toEqual([["a", "L/null", 0]]);
  });

  test("leaves the one record out whose joiner throws while it waits, once", () => {
    let failures = 0;
    const driver = outer(0, {
      processing: () => {
        failures++;
        return "skip";
      },
    });
    driver.pipeInput(left, "a", "bad", 0);
    driver.pipeInput(left, "b", "L", 0);
    for (const time of [16, 17]) driver.pipeInput(right, "b", "R", time);
    expect(outputs(driver)).toEqual([["b", "L/null", 0]]);
    expect(failures).toBe(1);
  });

  test("sends on records with a null key, of both sides; a left join only the left one's", () => {
    const windows = joinWindows(10, noGrace);
    const options = { name: "j", windows };
    const [from, other] = [stream(nulls("left")), stream(nulls("right"))];
    for (const [joined, expected] of [
      [from.pipe(outerJoin(other, both, options)), ["L/null", "null/R"]],
      [from.pipe(leftJoin(other, both, options)), ["L/null"]],
    ] as const) {
      const driver = new TestDriver(topology("t", joined.pipe(to(nulls("out")))));
      driver.pipeInput(nulls("left"), null, "L", 1);
      driver.pipeInput(nulls("right"), null, "R", 1);
      expect(driver.readOutput(nulls("out")).map(({ value }) => value)).toEqual(expected);
      expect(driver.metrics.nullKeys).toBe(2 - expected.length);
    }
  });
});

test("join windows that no time would do for are refused", () => {
  expect(() => joinWindows(-1, noGrace)).toThrow(/time difference/);
  expect(() => joinWindows(10, { before: -5, after: 4, grace: 0 })).toThrow(/no record can be between/);
  expect(() => joinWindows(10, { grace: -1 })).toThrow(/grace/);
});
