import {
  aggregate,
  count,
  groupBy,
  groupByKey,
  hopping,
  type KTable,
  long,
  noGrace,
  nullable,
  reduce,
  sessions,
  sliding,
  type SlidingWindows,
  stream,
  string,
  suppress,
  type Suppressed,
  table,
  type TimeWindows,
  to,
  topic,
  toStream,
  tumbling,
  untilTimeLimit,
  untilWindowCloses,
  windowed,
  type Windowed,
  windowedBy,
} from "../../../src/index.ts";
import { comma, longs, plus, type Scenario, scenario, strings } from "./scenario.ts";
import { joined, sessionOutput } from "./sessions.ts";

/** As the JVM names the store of the third node. */
const store = "KTABLE-SUPPRESS-STATE-STORE-0000000003";

const counts = (windows: TimeWindows | SlidingWindows): KTable<Windowed<string>, number> =>
  stream(strings("in")).pipe(groupByKey(), windowedBy(windows), count({ store: "counts" }));

const counted = (windows: TimeWindows | SlidingWindows, until: Suppressed<Windowed<string>>): Scenario =>
  scenario(() => [
    counts(windows).pipe(
      suppress(until, { store }),
      toStream(),
      to(topic("out", { key: windowed(string(), windows), value: long() })),
    ),
  ]);

const added = (
  windows: TimeWindows,
  add: (sum: string, value: string | null) => string | null = plus,
): Scenario =>
  scenario(() => [
    stream(strings("in")).pipe(
      groupByKey(),
      windowedBy(windows),
      aggregate({ store: "agg", value: string(), init: () => "0", add }),
      suppress(untilWindowCloses(), { store }),
      toStream(),
      to(topic("out", { key: windowed(string(), windows), value: nullable(string()) })),
    ),
  ]);

const ofTable = (until: Suppressed<string>): Scenario =>
  scenario(() => [
    table(strings("in"), { store: "t" }).pipe(suppress(until, { store }), toStream(), to(strings("out"))),
  ]);

const closedTumbling = counted(tumbling(10, { grace: 5 }), untilWindowCloses());
const limited = ofTable(untilTimeLimit(10));

export const suppressed: Readonly<Record<string, Scenario>> = {
  "suppress-close-tumbling": closedTumbling,
  "bytes-suppress-close-tumbling": closedTumbling,
  "suppress-close-hopping": added(hopping(10, 5, { grace: 2 })),
  "suppress-close-nograce": scenario(() => [
    stream(strings("in")).pipe(
      groupByKey(),
      windowedBy(tumbling(10, noGrace)),
      reduce({ store: "red", add: comma }),
      suppress(untilWindowCloses(), { store }),
      toStream(),
      to(topic("out", { key: windowed(string(), 10), value: nullable(string()) })),
    ),
  ]),
  "suppress-close-null": added(tumbling(10, { grace: 5 }), (sum, value) =>
    value === "del" ? null : plus(sum, value),
  ),
  "suppress-close-session": scenario(() => [
    stream(strings("in")).pipe(
      groupByKey(),
      windowedBy(sessions(10, { grace: 5 })),
      aggregate({ store: "agg", value: string(), init: () => "0", add: plus, merge: joined }),
      suppress(untilWindowCloses(), { store }),
      toStream(),
      to(sessionOutput),
    ),
  ]),
  "suppress-close-sliding": counted(sliding(10, { grace: 5 }), untilWindowCloses()),
  "suppress-limit-table": limited,
  "bytes-suppress-limit-table": limited,
  "suppress-limit-zero": ofTable(untilTimeLimit(0)),
  "suppress-maxrecords-table": ofTable(untilTimeLimit(1000, { maxRecords: 2, whenFull: "emitEarly" })),
  "suppress-maxrecords-window": counted(
    tumbling(10, { grace: 5 }),
    untilTimeLimit(20, { maxRecords: 3, whenFull: "emitEarly" }),
  ),
  "suppress-shutdown": counted(tumbling(10, { grace: 5 }), untilWindowCloses({ maxRecords: 2 })),
  "suppress-aggregate-table": scenario(() => [
    stream(strings("in")).pipe(
      groupByKey(),
      count({ store: "counts" }),
      suppress(untilTimeLimit(10), { store }),
      toStream(),
      to(longs("out")),
    ),
  ]),
  "suppress-then-group": scenario(() => [
    counts(tumbling(10, noGrace)).pipe(
      suppress(untilWindowCloses(), { store }),
      groupBy((n, { key }) => [key, n], { key: string(), value: long() }),
      reduce({ store: "best", add: (a, b) => a + b, subtract: (a, b) => a - b }),
      toStream(),
      to(longs("out")),
    ),
  ]),
};
