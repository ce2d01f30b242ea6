import { describe, expect, test } from "vitest";
import {
  aggregate,
  count,
  groupByKey,
  hopping,
  long,
  noGrace,
  processValues,
  sliding,
  type SlidingWindows,
  stream,
  string,
  type TimeWindows,
  to,
  topic,
  topology,
  toStream,
  tumbling,
  windowed,
  windowedBy,
  windowStore,
  type WindowStoreDefinition,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";

const input = topic("in", { key: string(), value: string() });

describe("timestamps ahead of the task's stream time", () => {
  const output = topic("out", { key: windowed(string(), 10), value: long() });
  /** The value says how far ahead a record is. */
  const ahead = topology(
    "ahead",
    stream(input).pipe(
      processValues({
        create:
          ({ forward }) =>
          ({ value, timestamp }) =>
            forward({ value, timestamp: timestamp + Number(value) }),
      }),
      groupByKey(),
      windowedBy(tumbling(10, noGrace), { emit: "finals", streamTime: "task" }),
      count({ store: "counts" }),
      toStream(),
      to(output),
    ),
  );

  test("expire no window that the task's stream time has not closed, and hide no record", () => {
    const driver = new TestDriver(ahead);
    driver.pipeInput(input, "a", "0", 1);
    driver.pipeInput(input, "b", "1000", 2);
    driver.pipeInput(input, "a", "0", 3);
    driver.pipeInput(input, "c", "0", 10);
    driver.pipeInput(input, "c", "0", 1010);
    expect(driver.readOutput(output).map(({ key, value }) => `${key.key}@${key.start}=${value}`)).toEqual([
      "a@0=2",
      "c@10=1",
      "b@1000=1",
    ]);
    expect(driver.metrics.late).toBe(0);
  });

  test("need a store that expires by the task's time, where it is defined apart", () => {
    const store = windowStore("counts", { key: string(), value: long(), windowSize: 10, retention: 10 });
    expect(() =>
      stream(input).pipe(
        groupByKey(),
        windowedBy(tumbling(10, noGrace), { streamTime: "task" }),
        count({ store: { ...store, value: long() } }),
      ),
    ).toThrow(/expiresBy: "task"|another/);
  });
});

const failing = (windows: TimeWindows | SlidingWindows): TestDriver =>
  new TestDriver(
    topology(
      "failing",
      stream(input).pipe(
        groupByKey(),
        windowedBy(windows),
        aggregate({
          store: "agg",
          value: string(),
          init: () => "",
          add: (sum, value) => {
            if (sum === "ab" && value === "!") throw new Error("too much");
            return sum + value;
          },
        }),
        toStream(),
        to(topic("out", { key: windowed(string(), windows), value: string() })),
      ),
    ),
    { deadLetterTopic: "dead", handlers: { processing: () => "deadLetter" } },
  );

const kept = (driver: TestDriver): readonly string[] =>
  [...driver.store<WindowStoreDefinition<string, string>>("agg").fetchAll(0, 1000)].map(
    ({ start, value }) => `${start}=${value}`,
  );

describe("a record that fails in one of its windows", () => {
  test("is in none of them, when windows hop", () => {
    const driver = failing(hopping(10, 5, { grace: 10 }));
    driver.pipeInput(input, "k", "x", 6);
    driver.pipeInput(input, "k", "a", 11);
    driver.pipeInput(input, "k", "b", 12);
    const before = kept(driver);
    expect(before).toEqual(["0=x", "5=xab", "10=ab"]);
    // [5, 15) takes it, [10, 20) fails.
    driver.pipeInput(input, "k", "!", 13);
    expect(kept(driver)).toEqual(before);
    expect(driver.produced.filter(({ topic: name }) => name === "dead")).toHaveLength(1);
  });

  test("is in none of them, when windows slide", () => {
    const driver = failing(sliding(10, noGrace));
    driver.pipeInput(input, "k", "a", 20);
    driver.pipeInput(input, "k", "b", 21);
    const before = kept(driver);
    expect(before).toEqual(["10=a", "11=ab", "21=b"]);
    // The window that begins after the first takes it, the left one of the record fails.
    driver.pipeInput(input, "k", "!", 22);
    expect(kept(driver)).toEqual(before);
    expect(driver.produced.filter(({ topic: name }) => name === "dead")).toHaveLength(1);
  });
});
