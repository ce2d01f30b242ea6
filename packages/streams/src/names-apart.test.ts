import { describe, expect, test } from "vitest";
import {
  count,
  filter,
  foreach,
  groupByKey,
  join,
  joinWindows,
  keyValueStore,
  mapValues,
  merge,
  peek,
  process,
  type Processor,
  repartition,
  split,
  stream,
  string,
  table,
  to,
  topic,
  topology,
  type TopologyEnd,
  TopologyError,
  toStream,
  toTable,
  transformValues,
} from "./index.ts";
import { planTopics } from "./runtime/topics/plan.ts";
import { TestDriver } from "./testing/index.ts";

const texts = (name: string) => topic(name, { key: string(), value: string() });
const input = stream(texts("in"));
const out = to<string, string>(texts("out"));
const ends = (...all: readonly TopologyEnd[]): readonly TopologyEnd[] => all;

describe("two operators of one name are refused, as in Kafka Streams, and both are named", () => {
  test.for<[string, () => readonly TopologyEnd[], RegExp]>([
    [
      "in one pipe",
      () =>
        ends(
          input.pipe(
            filter(() => true, { name: "same" }),
            mapValues((v) => v, { name: "same" }),
            out,
          ),
        ),
      /filter\(\) and mapValues\(\) are both named "same"/,
    ],
    [
      "in two pipes",
      () =>
        ends(
          input.pipe(
            peek(() => undefined, { name: "same" }),
            out,
          ),
          stream(texts("other")).pipe(foreach(() => undefined, { name: "same" })),
        ),
      /peek\(\) and foreach\(\) are both named "same"/,
    ],
    [
      "a source and a sink",
      () => ends(stream(texts("a"), { name: "same" }).pipe(to(texts("b"), { name: "same" }))),
      /stream\(\) and the sink to\(\) are both named "same"/,
    ],
    [
      "a table and what is named like its source",
      () =>
        ends(
          table(texts("t"), { store: "s", name: "same" }),
          input.pipe(
            peek(() => undefined, { name: "same-source" }),
            out,
          ),
        ),
      /both named "same-source"/,
    ],
    [
      "a join's part",
      () =>
        ends(
          input.pipe(
            join(stream(texts("other")), (a) => a, { name: "j", windows: joinWindows(5, { grace: 0 }) }),
            peek(() => undefined, { name: "j-this-windowed" }),
            out,
          ),
        ),
      /join\(\) and peek\(\) are both named "j-this-windowed"|peek\(\) and join\(\) are both named "j-this-windowed"/,
    ],
  ])("%s", ([, make, message]) => {
    expect(() => topology("t", ...make())).toThrow(TopologyError);
    expect(() => topology("t", ...make())).toThrow(message);
  });

  test("a name that none can have is refused, too", () => {
    for (const name of ["", "two words", ".", "x".repeat(250)])
      expect(() =>
        topology(
          "t",
          input.pipe(
            peek(() => undefined, { name }),
            out,
          ),
        ),
      ).toThrow(/peek\(\) can't be named/);
  });

  test("one operator that two pipes go on from has its name once", () => {
    const first = input.pipe(peek(() => undefined, { name: "shared" }));
    const { left, right } = first.pipe(split({ left: () => true, right: () => false }, { name: "halves" }));
    const built = topology("t", first.pipe(merge(left, { name: "both" }), out), right.pipe(out));
    const ids = built.graph().nodes.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

const counted = (store: string): TopologyEnd => input.pipe(groupByKey(), count({ store }));
const moved = (name: string): TopologyEnd => input.pipe(repartition({ name }), out);

describe("topics that an application would make for itself", () => {
  test.for<[string, () => readonly TopologyEnd[]]>([
    ["two stores", () => [counted("a.b"), counted("a_b")]],
    ["two repartition topics", () => [moved("a.b"), moved("a_b")]],
  ])("differ in more than dots and underscores: %s", ([, make]) => {
    expect(() => topology("t", ...make())).toThrow(/differ only in "\." and "_": give one another name/);
    // One without a changelog makes no topic.
    const quiet = keyValueStore("q_r", { key: string(), value: string(), changelog: false });
    expect(() => topology("t", counted("q.r"), input.pipe(toTable({ store: quiet })))).not.toThrow();
  });

  test.for<[string, () => readonly TopologyEnd[], RegExp]>([
    [
      "a changelog",
      () => [counted("c"), input.pipe(to(texts("t-c-changelog")))],
      /to\(\) is given the topic "t-c-changelog", which is that of the store "c"/,
    ],
    [
      "a repartition topic",
      () => [moved("r"), input.pipe(to(texts("t-r-repartition")))],
      /to\(\) is given the topic "t-r-repartition", which is that of the repartition before repartition\(\)/,
    ],
    [
      "a changelog, among those that a function may choose",
      () => [
        counted("c"),
        input.pipe(to(() => texts("t-c-changelog"), { topics: [texts("t-c-changelog")] })),
      ],
      /to\(\) is given the topic "t-c-changelog"/,
    ],
  ])("take no sink: %s", ([, make, message]) => {
    expect(() => topology("t", ...make())).toThrow(TopologyError);
    expect(() => topology("t", ...make())).toThrow(message);
    // Under another application id they are others' topics, and then those of this one.
    expect(() => planTopics(topology("other", ...make()), "t", new Map([["in", 1]]))).toThrow(message);
  });

  test("are not read as a stream where the application purges them", () => {
    expect(() => topology("t", moved("r"), stream(texts("t-r-repartition")).pipe(to(texts("x"))))).toThrow(
      /stream\(\) reads "t-r-repartition", .* deleted once they were read there/,
    );
  });

  test("can't be chosen by a record", () => {
    const choosing = topology(
      "t",
      counted("c"),
      input.pipe(to((value) => value, { key: string(), value: string() })),
    );
    const driver = new TestDriver(choosing, { handlers: { processing: () => "skip" } });
    driver.pipeInput(texts("in"), "k", "t-c-changelog");
    driver.pipeInput(texts("in"), "k", "elsewhere");
    expect(driver.produced.filter(({ topic: name }) => name === "elsewhere")).toHaveLength(1);
    expect(() => new TestDriver(choosing).pipeInput(texts("in"), "k", "t-c-changelog")).toThrow(
      /to\(\) chose the topic "t-c-changelog", which its application makes for itself/,
    );
  });
});

const silent: Processor<string, string> = () => undefined;

test("a function that forwards is made for each task, and another each time", () => {
  let shared: Processor<string, string> | undefined;
  const sharing = topology(
    "t",
    input.pipe(
      process({ name: "p", create: ({ forward }) => (shared ??= (record) => forward(record)) }),
      out,
    ),
  );
  expect(() => new TestDriver(sharing, { partitions: { in: 2 } })).toThrow(
    /process\(\) "p" could not be made for task 0_1: create\(\) answered the same function for two tasks/,
  );
  const all = topology("t", input.pipe(process({ create: () => silent }), out));
  expect(() => new TestDriver(all, { partitions: { in: 2 } })).not.toThrow();
});

test("a transformer that is no function is refused when it is made, and not at the first record", () => {
  const rows = table(texts("t"), { store: "rows" });
  const transformed = (create: () => never, store?: string): TopologyEnd =>
    rows.pipe(
      transformValues({ name: "tv", value: string(), create, ...(store !== undefined && { store }) }),
      toStream(),
      to(topic("out", { key: string(), value: string() as never })),
    );
  for (const store of [undefined, "kept"])
    expect(
      () =>
        new TestDriver(
          topology(
            "t",
            transformed(() => undefined as never, store),
          ),
        ),
    ).toThrow(
      /transformValues\(\) "tv" could not be made for task 0_0: create\(\) answered undefined, which is no function/,
    );
});
