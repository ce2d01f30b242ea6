import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  aggregate,
  count,
  groupByKey,
  long,
  noGrace,
  nullable,
  sessions,
  sessionStore,
  sessionWindowed,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  windowedBy,
  type SessionStoreDefinition,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: sessionWindowed(string()), value: nullable(long()) });

const counting = (emit: "updates" | "finals" | "both", grace = 0, options = {}): TestDriver =>
  new TestDriver(
    topology(
      "sessions",
      stream(input).pipe(
        groupByKey(),
        windowedBy(sessions(10, { grace }), { emit }),
        count({ store: "counts" }),
        toStream(),
        to(output),
      ),
    ),
    options,
  );

const seen = (driver: TestDriver): readonly string[] =>
  driver.readOutput(output).map(({ key, value }) => `${key.key}[${key.start},${key.end}]=${value}`);

describe("what is emitted", () => {
  test("updates: a session that grows takes the place of the one before", () => {
    const driver = counting("updates");
    for (const at of [0, 10, 21]) driver.pipeInput(input, "a", "", at);
    expect(seen(driver)).toEqual(["a[0,0]=1", "a[0,0]=null", "a[0,10]=2", "a[21,21]=1"]);
  });

  test("finals: one record per session, when stream time has passed its end, gap and grace", () => {
    const driver = counting("finals", 5);
    for (const at of [0, 4, 19]) driver.pipeInput(input, "a", "", at);
    expect(seen(driver)).toEqual([]);
    driver.pipeInput(input, "b", "", 20);
    expect(seen(driver)).toEqual(["a[0,4]=2"]);
  });

  test("finals: at the default retention no session is lost when stream time jumps", () => {
    const driver = counting("finals");
    driver.pipeInput(input, "a", "", 0);
    driver.pipeInput(input, "b", "", 10);
    driver.pipeInput(input, "c", "", 5_000);
    expect(seen(driver)).toEqual(["a[0,0]=1", "b[10,10]=1"]);
  });

  test("both: updates while it is open, then the final", () => {
    const driver = counting("both");
    driver.pipeInput(input, "a", "", 0);
    driver.pipeInput(input, "b", "", 11);
    expect(seen(driver)).toEqual(["a[0,0]=1", "a[0,0]=1", "b[11,11]=1"]);
  });
});

test("sessions of a key are those of its sorted times, whatever their order", () => {
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(times, (at) => {
      const driver = counting("updates", 1_000);
      for (const time of at) driver.pipeInput(input, "a", "", time);
      const expected: { start: number; end: number; value: number }[] = [];
      for (const time of at.toSorted((a, b) => a - b)) {
        const last = expected.at(-1);
        if (last !== undefined && time - last.end <= 10) {
          last.end = time;
          last.value++;
        } else expected.push({ start: time, end: time, value: 1 });
      }
      const found = [...driver.store<SessionStoreDefinition<string, number>>("counts").fetch("a")];
      expect(found.map(({ start, end, value }) => ({ start, end, value }))).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test("a record whose aggregate fails leaves the sessions that it connects as they are", () => {
  const driver = new TestDriver(
    topology(
      "failing",
      stream(input).pipe(
        groupByKey(),
        windowedBy(sessions(10, noGrace)),
        aggregate({
          store: "agg",
          value: string(),
          init: () => "",
          add: (sum, value) => {
            if (value === "!") throw new Error("no");
            return sum + value;
          },
          merge: (a, b) => a + b,
        }),
        toStream(),
        to(topic("out", { key: sessionWindowed(string()), value: nullable(string()) })),
      ),
    ),
    { deadLetterTopic: "dead", handlers: { processing: () => "deadLetter" } },
  );
  driver.pipeInput(input, "a", "x", 5);
  driver.pipeInput(input, "a", "!", 7);
  expect([...driver.store<SessionStoreDefinition>("agg").fetch("a")]).toMatchObject([
    { start: 5, end: 5, value: "x" },
  ]);
  expect(driver.produced.filter(({ topic: name }) => name === "dead")).toHaveLength(1);
});

test("a store that forgets sessions before they close is refused", () => {
  const value = long();
  const store = sessionStore("counts", { key: string(), value, retention: 9 });
  const grouped = stream(input).pipe(groupByKey(), windowedBy(sessions(10, noGrace)));
  expect(() =>
    grouped.pipe(aggregate({ store, value, init: () => 0, add: (n) => n + 1, merge: (a, b) => a + b })),
  ).toThrow(/raise the retention/);
});
