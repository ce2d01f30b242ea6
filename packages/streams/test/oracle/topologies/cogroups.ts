import {
  aggregate,
  cogroup,
  type CogroupedKStream,
  groupBy,
  groupByKey,
  nullable,
  sessions,
  sliding,
  type SlidingWindows,
  stream,
  string,
  type TimeWindows,
  to,
  topic,
  toStream,
  tumbling,
  windowed,
  windowedBy,
} from "../../../src/index.ts";
import { plus, type Scenario, scenario, strings } from "./scenario.ts";
import { joined, sessionOutput } from "./sessions.ts";

const minus = (sum: string, value: string | null): string => `${sum}-${value}`;
const times = (sum: string, value: string | null): string => `${sum}*${value}`;

const two = (): CogroupedKStream<string, string> =>
  stream(strings("one")).pipe(
    groupByKey(),
    cogroup(plus),
    cogroup(stream(strings("two")).pipe(groupByKey()), minus),
  );

const store = { store: "co", value: string(), init: () => "0" };

const bySession = scenario(() => [
  two().pipe(
    windowedBy(sessions(10, { grace: 20 })),
    aggregate({ ...store, merge: joined }),
    toStream(),
    to(sessionOutput),
  ),
]);

const byTime = (windows: TimeWindows | SlidingWindows): Scenario =>
  scenario(() => [
    two().pipe(
      windowedBy(windows),
      aggregate(store),
      toStream(),
      to(topic("out", { key: windowed(string(), windows), value: nullable(string()) })),
    ),
  ]);

export const cogroups: Readonly<Record<string, Scenario>> = {
  "cogroup-2": scenario(() => [two().pipe(aggregate(store), toStream(), to(strings("out")))]),
  "cogroup-3": scenario(() => [
    two().pipe(
      cogroup(
        stream(strings("three")).pipe(
          groupBy((value) => value, { key: string(), value: nullable(string()) }),
        ),
        times,
      ),
      aggregate(store),
      toStream(),
      to(strings("out")),
    ),
  ]),
  "cogroup-tumbling": byTime(tumbling(10, { grace: 5 })),
  "cogroup-sliding": byTime(sliding(10, { grace: 20 })),
  "cogroup-session": bySession,
  "bytes-cogroup-session": bySession,
};
