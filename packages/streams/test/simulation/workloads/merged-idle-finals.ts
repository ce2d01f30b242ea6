import {
  count,
  groupByKey,
  long,
  merge,
  minutes,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  tumbling,
  windowed,
  windowedBy,
} from "../../../src/index.ts";
import { below, times } from "../input.ts";
import type { Workload } from "../workload.ts";

const size = 1_000;
const grace = minutes(30);
/** Each portion has windows of its own, which none but idleness closes: when that is makes no record late. */
const apart = 10_000;
const doors = ["front-door", "back-door"].map((name) => topic(name, { key: string(), value: string() }));
const [front, back] = doors as [(typeof doors)[number], (typeof doors)[number]];
const finals = topic("door-finals", { key: windowed(string(), size), value: long() });

/** One final per key and window of two topics that one task reads: which comes next is seen in the heads of both. */
export const workload: Workload = {
  name: "merged-idle-finals",
  topics: { "front-door": 3, "back-door": 3, "door-finals": 3 },
  stores: ["entries-per-second"],
  topology: () =>
    topology(
      "merged-idle-finals",
      stream(front).pipe(
        merge(stream(back)),
        groupByKey(),
        windowedBy(tumbling(size, { grace }), { emit: "finals", closeOnIdle: 800 }),
        count({ store: "entries-per-second" }),
        toStream(),
        to(finals),
      ),
    ),
  input: (random, from) =>
    times(5, (portion) =>
      times(5 + below(random, 20), () => ({
        // Often one topic has records and the other has none for a while.
        topic: below(random, portion % 2 === 0 ? 4 : 2) === 0 ? front : back,
        key: `e${below(random, 6)}`,
        value: "",
        timestamp: from + portion * apart + below(random, 1_500),
      })),
    ),
  expected: (input) => {
    const totals = new Map<string, number>();
    for (const { key, timestamp } of input) {
      const window = `${String(key)}@${timestamp - (timestamp % size)}`;
      totals.set(window, (totals.get(window) ?? 0) + 1);
    }
    return [
      {
        topic: finals,
        how: "all",
        values: new Map([...totals].map(([key, total]) => [key, [String(total)]])),
      },
    ];
  },
};
