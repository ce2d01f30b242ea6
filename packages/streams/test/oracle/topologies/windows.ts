import {
  aggregate,
  count,
  filter,
  groupBy,
  groupByKey,
  hopping,
  hours,
  long,
  mapValues,
  minutes,
  noGrace,
  nullable,
  reduce,
  stream,
  string,
  type TimeWindows,
  to,
  type Topic,
  topic,
  toStream,
  tumbling,
  unlimited,
  windowed,
  type Windowed,
  windowedBy,
} from "../../../src/index.ts";
import { comma, longs, plus, type Scenario, scenario, strings } from "./scenario.ts";

type Emit = "updates" | "finals";
/** Long enough that the JVM forgets no window before it emits its final. */
const longRetention = 100_000;

const windowedLongs = (name: string, size: number): Topic<Windowed<string>, number> =>
  topic(name, { key: windowed(string(), size), value: long() });
const windowedStrings = (name: string, size: number): Topic<Windowed<string>, string | null> =>
  topic(name, { key: windowed(string(), size), value: nullable(string()) });
const keyAtStart = (_count: number | null, { key, start }: Windowed<string>): string => `${key}@${start}`;

const counted = (
  windows: TimeWindows,
  emit: Emit = "updates",
  retention?: number,
  beyond?: string,
): Scenario =>
  scenario(
    () => [
      stream(strings("in")).pipe(
        groupByKey(),
        windowedBy(windows, { emit }),
        count({ store: "counts", ...(retention !== undefined && { retention }) }),
        toStream(),
        to(windowedLongs("out", windows.size)),
      ),
    ],
    beyond,
  );

const added = (windows: TimeWindows, emit: Emit = "updates", retention?: number): Scenario =>
  scenario(() => [
    stream(strings("in")).pipe(
      groupByKey(),
      windowedBy(windows, { emit }),
      aggregate({
        store: "agg",
        value: string(),
        init: () => "0",
        add: plus,
        ...(retention !== undefined && { retention }),
      }),
      toStream(),
      to(windowedStrings("out", windows.size)),
    ),
  ]);

const reduced = (windows: TimeWindows, emit: Emit = "updates", retention?: number): Scenario =>
  scenario(() => [
    stream(strings("in")).pipe(
      groupByKey(),
      windowedBy(windows, { emit }),
      reduce({ store: "red", add: comma, ...(retention !== undefined && { retention }) }),
      toStream(),
      to(windowedStrings("out", windows.size)),
    ),
  ]);

const tumblingAggNull = scenario(() => [
  stream(strings("in")).pipe(
    groupByKey(),
    windowedBy(tumbling(10, { grace: 1000 })),
    aggregate({
      store: "agg",
      value: string(),
      init: () => "0",
      add: (agg, value) => (value === "del" ? null : plus(agg, value)),
    }),
    toStream(),
    to(windowedStrings("out", 10)),
  ),
]);

const finalTumbling = counted(tumbling(10, { grace: 5 }), "finals", longRetention);

export const windows: Readonly<Record<string, Scenario>> = {
  "tumbling-count-nograce": counted(tumbling(10, noGrace)),
  "bytes-tumbling-count-nograce": counted(tumbling(10, noGrace)),
  "tumbling-hour-epoch": counted(tumbling(hours(1), { grace: minutes(10) })),
  "tumbling-agg-grace": added(tumbling(10, { grace: 5 })),
  "tumbling-agg-null": tumblingAggNull,
  "bytes-tumbling-agg-null": tumblingAggNull,
  "tumbling-reduce": reduced(tumbling(10, { grace: 1000 })),
  "long-retention": counted(tumbling(10, { grace: 5 }), "updates", 60),
  "hopping-count": counted(hopping(10, 5, noGrace)),
  "hopping-reduce": reduced(hopping(20, 10, { grace: 10 })),
  "hopping-uneven": added(hopping(10, 3, { grace: 4 })),

  "final-tumbling": finalTumbling,
  "bytes-final-tumbling": finalTumbling,
  "final-tumbling-default-interval": finalTumbling,
  "final-tumbling-nograce": reduced(tumbling(10, noGrace), "finals", longRetention),
  "final-no-key": counted(tumbling(10, noGrace), "finals", longRetention),
  "final-hopping": added(hopping(10, 5, { grace: 2 }), "finals", longRetention),
  "final-default-retention": counted(
    tumbling(10, { grace: 5 }),
    "finals",
    undefined,
    "the JVM's store forgets a closed window before its final is emitted, when stream time jumps; ours does not",
  ),

  "tumbling-grouped-repartition": scenario(() => [
    stream(strings("in")).pipe(
      groupBy((value) => value, { key: string(), value: nullable(string()) }),
      windowedBy(tumbling(10, noGrace)),
      count({ store: "counts" }),
      toStream(),
      to(windowedLongs("out", 10)),
    ),
  ]),

  "two-aggregations-one-stream": scenario(() => {
    const input = stream(strings("in"));
    return [
      input.pipe(
        groupByKey(),
        windowedBy(tumbling(10, noGrace)),
        count({ store: "c10" }),
        toStream(),
        to(windowedLongs("out10", 10)),
      ),
      input.pipe(
        filter((_value, key) => key === "a"),
        groupByKey(),
        windowedBy(tumbling(10, noGrace)),
        count({ store: "ca" }),
        toStream(),
        to(windowedLongs("outA", 10)),
      ),
    ];
  }),

  unlimited: scenario(() => [
    stream(strings("in")).pipe(
      groupByKey(),
      windowedBy(unlimited(10)),
      count({ store: "counts" }),
      toStream(keyAtStart),
      to(longs("out")),
    ),
  ]),

  "windowed-then-table-ops": scenario(() => [
    stream(strings("in")).pipe(
      groupByKey(),
      windowedBy(tumbling(10, { grace: 20 })),
      count({ store: "counts" }),
      filter((n) => n > 1),
      mapValues((n) => n * 10),
      toStream(keyAtStart),
      to(topic("out", { key: string(), value: nullable(long()) })),
    ),
  ]),
};
