import { expect, test } from "vitest";
import {
  aggregate,
  count,
  groupBy,
  groupByKey,
  type Headers,
  join,
  keyValueStore,
  long,
  map,
  nullable,
  process,
  processValues,
  sessions,
  sessionWindowed,
  type Sink,
  sliding,
  stream,
  string,
  table,
  to,
  topic,
  topology,
  toStream,
  tumbling,
  windowed,
  windowedBy,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";

const text = { key: string(), value: string() };
const rows = { key: string(), value: nullable(string()) };
const input = topic("in", rows);
const records = topic("in", text);
const named = (name: string): Headers => [["from", Buffer.from(name)]];
const grace = { grace: 0 };

interface Sent {
  readonly key: string;
  readonly value: string | null;
  readonly at: number;
  readonly from?: string;
}

/** Which record's headers each output has, and its time. */
const outputs = (sink: Sink, out: string, caching: boolean, sent: readonly Sent[]): readonly string[] => {
  const driver = new TestDriver(topology("headers", sink), { caching });
  for (const { key, value, at, from } of sent)
    driver.pipeInput(input, key, value, { timestamp: at, headers: from === undefined ? [] : named(from) });
  const anything = { key: nullable(string()), value: nullable(string()) };
  return driver
    .readOutput(topic(out, anything))
    .map(({ headers, timestamp }) => `${headers[0]?.[1]?.toString() ?? "none"}@${timestamp}`);
};
const sent: readonly Sent[] = [
  { key: "a", value: "x", at: 1, from: "first" },
  { key: "a", value: "y", at: 2, from: "second" },
];
const out = topic("out", { key: string(), value: long() });

const counted = (): Sink => stream(records).pipe(groupByKey(), count({ store: "n" }), toStream(), to(out));

test("each result of an aggregation has the headers of its record", () => {
  expect(outputs(counted(), "out", false, sent)).toEqual(["first@1", "second@2"]);
});

test("with the cache on a result has the headers of the last record before the commit", () => {
  const twice = stream(records).pipe(
    process<string, string, string, string>({
      create:
        ({ forward }) =>
        (record) => {
          forward({ ...record, headers: named("one") });
          forward({ ...record, headers: named("other") });
        },
    }),
    groupByKey({ name: "again", ...text }),
    windowedBy(tumbling(10, grace)),
    count({ store: "n" }),
    toStream(),
    map((n, { key }) => [key, n]),
    to(out),
  );
  // Both come through the repartition topic, each with a commit of its own.
  expect(outputs(twice, "out", true, sent.slice(0, 1))).toEqual(["one@1", "other@1"]);
  const within = stream(records).pipe(
    processValues<string, string, string>({
      create:
        ({ forward }) =>
        (record) => {
          forward(record);
          forward(record);
        },
    }),
    groupByKey(),
    count({ store: "n" }),
    toStream(),
    to(out),
  );
  expect(outputs(within, "out", true, sent)).toEqual(["first@1", "second@2"]);
});

test("a table's changes have the headers of its rows' records, also on the way to their groups", () => {
  const grouped = table(input, { store: "t" }).pipe(
    groupBy((value) => [value, value], { ...text, name: "by-value" }),
    count({ store: "n" }),
    toStream(),
    to(out),
  );
  expect(outputs(grouped, "out", false, sent)).toEqual(["first@1", "second@2", "second@2"]);
});

test("the result of a join of tables has those of the record that made it", () => {
  const own = table(input, { store: "t" });
  const joined = own.pipe(
    join(own, (left, right) => `${left}${right}`),
    toStream(),
    to(topic("out", rows)),
  );
  expect(new Set(outputs(joined, "out", false, sent))).toEqual(new Set(["first@1", "second@2"]));
});

test.for([true, false])("updates of windows have those of their last record (cache: %s)", (caching) => {
  const windows = tumbling(10, grace);
  const sink = stream(records).pipe(
    groupByKey(),
    windowedBy(windows),
    count({ store: "n" }),
    toStream(),
    to(topic("out", { key: windowed(string(), windows), value: long() })),
  );
  expect(outputs(sink, "out", caching, sent)).toEqual(["first@1", "second@2"]);
});

test("updates of sliding windows and of sessions have them, too", () => {
  const windows = sliding(10, grace);
  const slid = stream(records).pipe(
    groupByKey(),
    windowedBy(windows),
    count({ store: "n" }),
    toStream(),
    to(topic("out", { key: windowed(string(), windows), value: long() })),
  );
  expect(outputs(slid, "out", false, sent).map((one) => one.split("@")[0])).toEqual([
    "first",
    "second",
    "second",
  ]);
  const session = stream(records).pipe(
    groupByKey(),
    windowedBy(sessions(10, grace)),
    count({ store: "n" }),
    toStream(),
    to(topic("out", { key: sessionWindowed(string()), value: nullable(long()) })),
  );
  expect(outputs(session, "out", false, sent).map((one) => one.split("@")[0])).toEqual([
    "first",
    "second",
    "second",
  ]);
});

test("a final has the headers of the record that closed its window", () => {
  const windows = tumbling(10, grace);
  const sink = stream(records).pipe(
    groupByKey(),
    windowedBy(windows, { emit: "finals" }),
    count({ store: "n" }),
    toStream(),
    to(topic("out", { key: windowed(string(), windows), value: long() })),
  );
  const closing = [...sent, { key: "b", value: "z", at: 10, from: "closing" }];
  expect(outputs(sink, "out", true, closing)).toEqual(["closing@2"]);
});

const orDeleted = (): Sink =>
  stream(records).pipe(
    groupByKey(),
    aggregate({
      store: "n",
      value: string(),
      init: () => "",
      add: (sum, value) => (value === "gone" ? null : sum + value),
    }),
    toStream(),
    to(topic("out", rows)),
  );
const late: readonly Sent[] = [
  { key: "a", value: "x", at: 10, from: "first" },
  { key: "a", value: "gone", at: 4, from: "second" },
];

test("an aggregate that goes takes the time of its record with the cache on, and the greater one without", () => {
  const before = topology("headers", orDeleted());
  const driver = new TestDriver(before, { caching: true });
  driver.pipeInput(input, "a", "x", 10);
  driver.pipeInput(input, "a", "gone", 4);
  expect(driver.readOutput(topic("out", rows)).map(({ timestamp }) => timestamp)).toEqual([10, 4]);
  expect(outputs(orDeleted(), "out", false, late)).toEqual(["first@10", "second@10"]);
});

test("a window's aggregate that goes does so, too", () => {
  const windows = tumbling(20, grace);
  const sink = stream(records).pipe(
    groupByKey(),
    windowedBy(windows),
    aggregate({
      store: "n",
      value: string(),
      init: () => "",
      add: (sum, value) => (value === "gone" ? null : sum + value),
    }),
    toStream(),
    to(topic("out", { key: windowed(string(), windows), value: nullable(string()) })),
  );
  const driver = new TestDriver(topology("headers", sink), { caching: true });
  driver.pipeInput(input, "a", "x", 10);
  driver.pipeInput(input, "a", "gone", 4);
  const found = driver.readOutput(topic("out", { key: windowed(string(), windows), value: rows.value }));
  expect(found.map(({ timestamp }) => timestamp)).toEqual([10, 4]);
});

test("a store takes the time that its record has got on the way to it", () => {
  const seen = keyValueStore("seen", text);
  const sink = stream(records).pipe(
    process<string, string, string, string>({
      create:
        ({ forward }) =>
        (record) =>
          forward({ ...record, timestamp: 70 }),
    }),
    process<string, string, string, string, { readonly seen: typeof seen }>({
      stores: { seen },
      create:
        ({ stores, forward }) =>
        (record) => {
          stores.seen.put(record.key, record.value);
          forward(record);
        },
    }),
    to(topic("out", text)),
  );
  const driver = new TestDriver(topology("times", sink));
  driver.pipeInput(input, "a", "x", 7);
  const changes = driver.produced.filter(({ topic: name }) => name === "times-seen-changelog");
  expect(changes.map(({ timestamp }) => timestamp)).toEqual([70]);
});
