import {
  aggregate,
  count,
  groupByKey,
  long,
  noGrace,
  nullable,
  reduce,
  sessions,
  sessionWindowed,
  type SessionWindows,
  stream,
  string,
  to,
  topic,
  toStream,
  windowedBy,
} from "../../../src/index.ts";
import { comma, plus, type Scenario, scenario, strings } from "./scenario.ts";

/** Long enough that the JVM forgets no session before it emits its final. */
const longRetention = 100_000;

/** The merger MERGE of the vectors. */
export const joined = (older: string, newer: string): string => `(${older}|${newer})`;

export const sessionOutput = topic("out", { key: sessionWindowed(string()), value: nullable(string()) });

const counted = scenario(() => [
  stream(strings("in")).pipe(
    groupByKey(),
    windowedBy(sessions(10, noGrace)),
    count({ store: "counts" }),
    toStream(),
    to(topic("out", { key: sessionWindowed(string()), value: nullable(long()) })),
  ),
]);

const added = (
  windows: SessionWindows,
  {
    emit = "updates",
    add = plus,
    beyond,
    ...retention
  }: {
    readonly emit?: "updates" | "finals";
    readonly retention?: number;
    readonly add?: (sum: string, value: string | null) => string | null;
    readonly beyond?: string;
  } = {},
): Scenario =>
  scenario(
    () => [
      stream(strings("in")).pipe(
        groupByKey(),
        windowedBy(windows, { emit }),
        aggregate({ store: "agg", value: string(), init: () => "0", add, merge: joined, ...retention }),
        toStream(),
        to(sessionOutput),
      ),
    ],
    beyond,
  );

const finals = added(sessions(10, { grace: 5 }), { emit: "finals", retention: longRetention });

export const sessionWindows: Readonly<Record<string, Scenario>> = {
  "session-count": counted,
  "bytes-session-count": counted,
  "session-agg-grace": added(sessions(10, { grace: 30 })),
  "session-agg-null": added(sessions(10, { grace: 100 }), {
    add: (sum, value) => (value === "del" ? null : plus(sum, value)),
  }),
  "session-long-retention": added(sessions(10, { grace: 5 }), { retention: longRetention }),
  "session-reduce": scenario(() => [
    stream(strings("in")).pipe(
      groupByKey(),
      windowedBy(sessions(5, { grace: 100 })),
      reduce({ store: "red", add: comma }),
      toStream(),
      to(sessionOutput),
    ),
  ]),
  "final-session": finals,
  "bytes-final-session": finals,
  "final-session-default-retention": added(sessions(10, { grace: 5 }), {
    emit: "finals",
    beyond:
      "the JVM's store forgets a closed session before its final is emitted, and hides one that is exactly gap + grace old, which is not closed; ours does neither",
  }),
  "final-session-kept": added(sessions(10, { grace: 5 }), { emit: "finals" }),
};
