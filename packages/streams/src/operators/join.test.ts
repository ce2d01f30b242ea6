import { describe, expect, test } from "vitest";
import {
  filter,
  globalTable,
  groupBy,
  join,
  type KTable,
  leftJoin,
  mapValues,
  nullable,
  outerJoin,
  process,
  processValues,
  selectKey,
  stream,
  string,
  table,
  to,
  toStream,
  toTable,
  topic,
  type Topic,
  topology,
  transformValues,
  versionedStore,
  count,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";

const texts = (name: string): Topic<string, string> => topic(name, { key: string(), value: string() });
const out = topic("out", { key: string(), value: nullable(string()) });
const text = { key: string(), value: string() };
const both = (left: string | null, right: string | null): string => `${left}/${right}`;
const rows = (name: string): KTable<string, string | null> => table(texts(name), { store: name });

const outputs = (driver: TestDriver): readonly unknown[] =>
  driver.readOutput(out).map(({ key, value, timestamp }) => [key, value, timestamp]);

// One input to both tables: both rows change between two flushes.
const joined = (operator: typeof join): TestDriver => {
  const left = table(texts("in"), { store: "l" });
  const right = table(texts("in"), { store: "r" });
  return new TestDriver(topology("t", left.pipe(operator(right, both), toStream(), to(out))));
};

describe("a join of tables", () => {
  test("tells that a result is gone although both of its rows went between two flushes", () => {
    const driver = joined(join);
    driver.pipeInput(texts("in"), "a", "1", 1);
    driver.pipeBytes("in", Buffer.from("a"), null, 2);
    expect(outputs(driver).at(-1)).toEqual(["a", null, 2]);
  });

  test("is read by other joins through its own two tables, or from its store", () => {
    for (const kept of [{}, { store: "kept", value: string() }]) {
      const driver = new TestDriver(
        topology(
          "t",
          stream(texts("in")).pipe(
            leftJoin(rows("l").pipe(outerJoin(rows("r"), both, kept)), (value, row) => `${value}:${row}`),
            to(out),
          ),
        ),
      );
      driver.pipeInput(texts("r"), "a", "R", 5);
      driver.pipeInput(texts("in"), "a", "1", 1);
      driver.pipeInput(texts("l"), "a", "L", 6);
      driver.pipeInput(texts("in"), "a", "2", 2);
      expect(outputs(driver)).toEqual([
        ["a", "1:null/R", 1],
        ["a", "2:L/R", 2],
      ]);
    }
  });

  test("groups what it joins", () => {
    const driver = new TestDriver(
      topology(
        "t",
        rows("l").pipe(
          join(rows("r"), (_left, right) => right),
          groupBy((right) => [right, right], text),
          count({ store: "n" }),
          toStream(),
          mapValues(String),
          to(out),
        ),
      ),
    );
    driver.pipeInput(texts("l"), "a", "1", 1);
    driver.pipeInput(texts("r"), "a", "x", 2);
    driver.pipeInput(texts("r"), "a", "y", 3);
    driver.pipeBytes("l", Buffer.from("a"), null, 4);
    expect(outputs(driver)).toEqual([
      ["x", "1", 2],
      ["x", "0", 3],
      ["y", "1", 3],
      ["y", "0", 4],
    ]);
  });
});

describe("a join of a stream with a table", () => {
  test("meets the row as it is, filtered and mapped, before its store has flushed", () => {
    const driver = new TestDriver(
      topology(
        "t",
        stream(texts("rows")).pipe(
          join(
            table(texts("rows"), { store: "rows" }).pipe(
              filter((value) => value !== "no"),
              mapValues((value) => `${value}!`),
            ),
            both,
          ),
          to(out),
        ),
      ),
    );
    driver.pipeInput(texts("rows"), "a", "yes", 1);
    driver.pipeInput(texts("rows"), "a", "no", 2);
    expect(outputs(driver)).toEqual([["a", "yes/yes!", 1]]);
  });

  test("goes through a repartition topic where keys may have changed, which needs a name", () => {
    const rekeyed = stream(texts("in")).pipe(selectKey((value) => value, { key: string() }));
    expect(() => rekeyed.pipe(join(rows("rows"), both))).toThrow(/give it a name/);
    const driver = new TestDriver(
      topology("t", rekeyed.pipe(join(rows("rows"), both, { name: "by-value" }), to(out))),
    );
    driver.pipeInput(texts("rows"), "x", "row", 1);
    driver.pipeInput(texts("in"), "a", "x", 2);
    expect(outputs(driver)).toEqual([["x", "x/row", 2]]);
    expect(driver.produced.map(({ topic: name }) => name)).toContain("t-by-value-repartition");
  });

  test("waits for a versioned table's late rows, and lets nobody pass", () => {
    const versioned = table(texts("rows"), {
      store: versionedStore("rows", { ...text, historyRetention: 100 }),
    });
    const driver = new TestDriver(
      topology("t", stream(texts("in")).pipe(leftJoin(versioned, both, { name: "j", grace: 10 }), to(out))),
    );
    driver.pipeInput(texts("in"), "a", "2", 12);
    driver.pipeInput(texts("in"), "a", "1", 11);
    driver.pipeInput(texts("rows"), "a", "late", 5);
    expect(outputs(driver)).toEqual([]);
    driver.pipeInput(texts("in"), "b", "3", 22);
    expect(outputs(driver)).toEqual([
      ["a", "1/late", 11],
      ["a", "2/late", 12],
    ]);
  });

  test("with grace needs a versioned table whose history is that long, and a name", () => {
    const input = stream(texts("in"));
    const versioned = (historyRetention: number): KTable<string, string | null> =>
      table(texts("rows"), { store: versionedStore("rows", { ...text, historyRetention }) });
    expect(() => input.pipe(join(rows("rows"), both, { name: "j", grace: 1 }))).toThrow(/versionedStore/);
    expect(() => input.pipe(join(versioned(5), both, { name: "j", grace: 6 }))).toThrow(
      /"rows" keeps its history for 5 ms only/,
    );
    expect(() => input.pipe(join(versioned(5), both, { grace: 5 }))).toThrow(/give it a name/);
  });
});

describe("a table without a store", () => {
  const unkept = table(texts("in"));

  test("can't be read, grouped or joined, also through its filters", () => {
    const filtered = unkept.pipe(filter(() => true));
    expect(() => stream(texts("s")).pipe(join(filtered, both))).toThrow(/has no store: give table\(\)/);
    expect(() => rows("r").pipe(join(unkept, both))).toThrow(/has no store/);
    expect(() => filtered.pipe(groupBy((value) => [value, value], text))).toThrow(
      /no store that would know it/,
    );
  });

  test("can be once what is made of it is kept", () => {
    const driver = new TestDriver(
      topology(
        "t",
        stream(texts("s")).pipe(join(unkept.pipe(filter(() => true, { store: "f" })), both), to(out)),
      ),
    );
    driver.pipeInput(texts("in"), "a", "1", 1);
    driver.pipeInput(texts("s"), "a", "s", 2);
    expect(outputs(driver)).toEqual([["a", "s/1", 2]]);
  });

  test("is made of a stream, too", () => {
    const driver = new TestDriver(topology("t", stream(texts("in")).pipe(toTable(), toStream(), to(out))));
    driver.pipeInput(texts("in"), "a", "1", 1);
    expect(outputs(driver)).toEqual([["a", "1", 1]]);
  });
});

test("the history of a versioned table goes through filters, and into no join and no group", () => {
  const versioned = table(texts("in"), { store: versionedStore("v", { ...text, historyRetention: 100 }) });
  const driver = new TestDriver(
    topology(
      "t",
      versioned.pipe(
        filter(() => true),
        leftJoin(rows("r"), both),
        toStream(),
        to(out),
      ),
    ),
  );
  driver.pipeInput(texts("in"), "a", "2", 20);
  driver.pipeInput(texts("in"), "a", "1", 10);
  expect(outputs(driver)).toEqual([["a", "2/null", 20]]);
  expect(driver.metrics.late).toBe(1);
});

test("transformValues is asked about old values where somebody needs them, and by joins with an instance of their own", () => {
  const made: string[][] = [];
  const transformed = rows("in").pipe(
    transformValues({
      value: string(),
      create: () => {
        const calls: string[] = [];
        made.push(calls);
        return (value, key) => {
          calls.push(`${key}=${value}`);
          return value;
        };
      },
    }),
  );
  const driver = new TestDriver(
    topology(
      "t",
      transformed.pipe(
        groupBy((value) => [value, value], text),
        count({ store: "n" }),
      ),
      stream(texts("s")).pipe(join(transformed, both), to(out)),
    ),
  );
  driver.pipeInput(texts("in"), "a", "1", 1);
  driver.pipeInput(texts("in"), "a", "2", 2);
  driver.pipeInput(texts("s"), "a", "s", 3);
  expect(made).toEqual([["a=1", "a=null", "a=2", "a=1"], ["a=2"]]);
});

test("process() and processValues() of a table process its changes", () => {
  const changes = rows("in");
  const driver = new TestDriver(
    topology(
      "t",
      changes.pipe(
        process({
          create:
            ({ forward }) =>
            (record) =>
              forward(record),
        }),
        to(out),
      ),
      changes.pipe(
        processValues({
          create:
            ({ forward }) =>
            ({ timestamp }) =>
              forward({ value: "seen", timestamp }),
        }),
        to(out),
      ),
    ),
  );
  driver.pipeInput(texts("in"), "a", "1", 1);
  driver.pipeBytes("in", Buffer.from("a"), null, 2);
  expect(outputs(driver)).toEqual([
    ["a", "1", 1],
    ["a", "seen", 1],
    ["a", null, 2],
    ["a", "seen", 2],
  ]);
});

test("a topic is not read whole and by partition", () => {
  const places = globalTable(texts("places"), { store: "g" });
  expect(() =>
    topology("t", stream(texts("places")).pipe(join(places, both, { on: (value) => value }), to(out))),
  ).toThrow(/"places" is read whole, as a global table, and by partition/);
});
