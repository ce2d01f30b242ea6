import { describe, expect, test } from "vitest";
import {
  type Headers,
  long,
  mapAsync,
  mapValues,
  nullable,
  process,
  repartition,
  selectKey,
  stream,
  string,
  to,
  topic,
  topology,
  withHeaders,
} from "../index.ts";
import { TestDriver, type TestDriverOptions } from "../testing/index.ts";

const input = topic("in", { key: string(), value: long() });
const output = topic("out", { key: string(), value: long() });

const driverOf = (options: TestDriverOptions = {}): TestDriver =>
  new TestDriver(
    topology(
      "errors",
      stream(input).pipe(
        mapValues((value) => {
          if (value === 13) throw new Error("unlucky");
          return value === 14 ? 1.5 : value;
        }),
        to(output),
      ),
    ),
    options,
  );

const unordered = (key: string): string => {
  if (key === "bad") throw new Error("no order");
  return key;
};

const punctuated = (options: TestDriverOptions = {}): TestDriver =>
  new TestDriver(
    topology(
      "punctuated",
      stream(input).pipe(
        process({
          create: ({ schedule, forward }) => {
            schedule(10, "streamTime", (timestamp) => {
              if (timestamp === 13) throw new Error("unlucky");
              forward({ key: "time", value: timestamp, timestamp, headers: [] });
            });
            return () => undefined;
          },
        }),
        to(output),
      ),
    ),
    options,
  );

const headersOf: readonly unknown[] = [
  [],
  [
    ["a", Buffer.from("text")],
    ["b", null],
  ],
  [["a", "text"]],
  [["a", undefined]],
  [["a"]],
  [[5, null]],
  ["a"],
  { a: "text" },
];

const values = (driver: TestDriver): readonly number[] => driver.readOutput(output).map(({ value }) => value);
const dead = (driver: TestDriver) => driver.produced.filter(({ topic: name }) => name === "dead");
const cutOff = Buffer.from("012345");

describe("without a dead-letter topic", () => {
  test("bytes that can't be read stop the task, with their coordinates", () => {
    const driver = driverOf();
    driver.pipeInput(input, "k", 1);
    expect(() => driver.pipeBytes("in", Buffer.from("k"), cutOff, 0)).toThrow(
      expect.objectContaining({ position: { topic: "in", partition: 0, offset: 1 } }),
    );
  });

  test("an operator that throws stops the task", () => {
    expect(() => driverOf().pipeInput(input, "k", 13)).toThrow(/"mapValues" failed: unlucky/);
  });

  test("a handler can skip instead, and it is counted", () => {
    const driver = driverOf({
      handlers: { deserialization: () => "skip", processing: () => "skip", production: () => "skip" },
    });
    driver.pipeBytes("in", Buffer.from("k"), cutOff, 0);
    for (const value of [13, 14, 2]) driver.pipeInput(input, "k", value);
    expect(values(driver)).toEqual([2]);
    expect(driver.metrics.skipped).toBe(3);
  });

  test("a handler that wants to dead-letter stops the task and says what is missing", () => {
    const driver = driverOf({ handlers: { processing: () => "deadLetter" } });
    expect(() => driver.pipeInput(input, "k", 13)).toThrow(/no dead-letter topic is set/);
  });
});

describe("with a dead-letter topic", () => {
  test("unreadable bytes go there as they were, and the job goes on", () => {
    const driver = driverOf({ deadLetterTopic: "dead", startTime: 5_000 });
    driver.pipeBytes("in", Buffer.from("k"), cutOff, {
      timestamp: 17,
      headers: [["trace", Buffer.from("t")]],
    });
    driver.pipeInput(input, "k", 2);
    expect(values(driver)).toEqual([2]);
    const [letter] = dead(driver);
    expect(letter).toMatchObject({ key: Buffer.from("k"), value: cutOff, timestamp: 5_000 });
    const headers = new Map(letter?.headers.map(([name, value]) => [name, String(value)]));
    expect(headers.get("trace")).toBe("t");
    expect(headers.get("millrace.original.timestamp")).toBe("17");
    expect(headers.get("__streams.errors.message")).toMatch(/takes 8 bytes, not 6/);
    expect(headers.get("__streams.errors.stacktrace")).toContain("\n");
    expect(headers.get("__streams.errors.partition")).toBe("0");
  });

  test("a result that can't be written takes the record that it came from there, if the handler says so", () => {
    const driver = driverOf({ deadLetterTopic: "dead", handlers: { production: () => "deadLetter" } });
    driver.pipeInput(input, "k", 14);
    expect(dead(driver)).toHaveLength(1);
    expect(values(driver)).toEqual([]);
  });
});

describe("where RxJS would tell nobody", () => {
  const skip: TestDriverOptions = { handlers: { processing: () => "skip", production: () => "skip" } };

  test("a record that can't be sent to a repartition topic is the production handler's", () => {
    const driver = new TestDriver(
      topology(
        "repartitioned",
        stream(input).pipe(
          mapValues((value) => (value === 14 ? 1.5 : value), { value: long() }),
          selectKey((value) => (value === 15 ? null : "k"), { key: nullable(string()) }),
          repartition({ name: "again" }),
          to(output),
        ),
      ),
      skip,
    );
    for (const value of [14, 15, 2]) driver.pipeInput(input, "k", value);
    expect(values(driver)).toEqual([2]);
    expect(driver.metrics).toMatchObject({ skipped: 1, nullKeys: 0, nullRepartitionKeys: 1 });
  });

  test("an order that can't be told is the processing handler's", async () => {
    const driver = new TestDriver(
      topology(
        "ordered",
        stream(input).pipe(
          mapAsync((value) => value, { concurrency: 2, orderBy: unordered }),
          to(output),
        ),
      ),
      skip,
    );
    driver.pipeInput(input, "bad", 1);
    driver.pipeInput(input, "good", 2);
    await driver.settle();
    expect(values(driver)).toEqual([2]);
    expect(driver.metrics.skipped).toBe(1);
  });

  test("a handler that throws stops the task, and says which failure it was asked about", () => {
    const driver = driverOf({
      handlers: {
        processing: () => {
          throw new Error("broken handler");
        },
      },
    });
    expect(() => driver.pipeInput(input, "k", 13)).toThrow(
      /the handler of ".*unlucky.*" failed: broken handler/,
    );
  });
});

test("a negative timestamp drops the record, and it is counted", () => {
  const timed = topic("in", { key: string(), value: long(), timestamp: ({ value }) => value });
  const driver = new TestDriver(topology("timed", stream(timed).pipe(to(output))));
  driver.pipeInput(timed, "k", -5);
  driver.pipeInput(timed, "k", 5);
  expect(values(driver)).toEqual([5]);
  expect(driver.metrics.negativeTimestamps).toBe(1);
});

describe("a punctuation that throws", () => {
  test("stops the task unless a handler says otherwise", () => {
    const driver = punctuated();
    expect(() => driver.pipeInput(input, "k", 1, 13)).toThrow(/"a punctuation" failed: unlucky/);
  });

  test("is asked of the processing handler, which may leave it out, and it is counted", () => {
    const codes: string[] = [];
    const driver = punctuated({
      handlers: {
        processing: ({ code }) => {
          codes.push(code);
          return "skip";
        },
      },
    });
    for (const at of [1, 13, 25]) driver.pipeInput(input, "k", 1, at);
    expect(values(driver)).toEqual([1, 25]);
    expect(codes).toEqual(["PROCESSING"]);
    expect(driver.metrics.skipped).toBe(1);
  });

  test("has no record that could be dead-lettered", () => {
    const driver = punctuated({ deadLetterTopic: "dead", handlers: { processing: () => "deadLetter" } });
    expect(() => driver.pipeInput(input, "k", 1, 13)).toThrow(/unlucky/);
    expect(dead(driver)).toEqual([]);
  });
});

test("what is no header is the production handler's, with the record: text would go out as zeros", () => {
  const codes: string[] = [];
  const driver = new TestDriver(
    topology(
      "headers",
      stream(input).pipe(
        withHeaders((value) => headersOf[value] as Headers),
        to(output),
      ),
    ),
    {
      handlers: {
        production: ({ code, message }) => {
          codes.push(`${code} ${message.includes("is no header")}`);
          return "skip";
        },
      },
    },
  );
  for (const at of headersOf.keys()) driver.pipeInput(input, "k", at);
  expect(values(driver)).toEqual([0, 1]);
  expect(codes).toEqual(Array.from({ length: headersOf.length - 2 }, () => "INVALID_HEADER true"));
});
