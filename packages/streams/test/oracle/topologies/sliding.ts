import {
  aggregate,
  count,
  groupByKey,
  noGrace,
  nullable,
  reduce,
  sliding,
  type SlidingWindows,
  stream,
  string,
  long,
  to,
  topic,
  toStream,
  windowed,
  windowedBy,
} from "../../../src/index.ts";
import { comma, plus, type Scenario, scenario, strings } from "./scenario.ts";

const output = (windows: SlidingWindows) =>
  topic("out", { key: windowed(string(), windows), value: nullable(string()) });

const added = (
  windows: SlidingWindows,
  {
    emit = "updates",
    ...retention
  }: { readonly emit?: "updates" | "finals"; readonly retention?: number } = {},
): Scenario =>
  scenario(() => [
    stream(strings("in")).pipe(
      groupByKey(),
      windowedBy(windows, { emit }),
      aggregate({ store: "agg", value: string(), init: () => "0", add: plus, ...retention }),
      toStream(),
      to(output(windows)),
    ),
  ]);

const counted = scenario(() => [
  stream(strings("in")).pipe(
    groupByKey(),
    windowedBy(sliding(10, noGrace)),
    count({ store: "counts" }),
    toStream(),
    to(topic("out", { key: windowed(string(), 10), value: long() })),
  ),
]);

export const slidingWindows: Readonly<Record<string, Scenario>> = {
  "sliding-agg-grace": added(sliding(10, { grace: 50 })),
  "sliding-count-nograce": counted,
  "bytes-sliding-count-nograce": counted,
  "sliding-reduce": scenario(() => [
    stream(strings("in")).pipe(
      groupByKey(),
      windowedBy(sliding(5, { grace: 10 })),
      reduce({ store: "red", add: comma }),
      toStream(),
      to(output(sliding(5, { grace: 10 }))),
    ),
  ]),
  "final-sliding": added(sliding(10, { grace: 5 }), { emit: "finals", retention: 100_000 }),
};
