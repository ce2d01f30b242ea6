import {
  count,
  groupByKey,
  long,
  sessions,
  sessionWindowed,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  windowedBy,
} from "../../../src/index.ts";
import { addTo } from "../input.ts";
import { visitPartitions, visits, visitsInPortions } from "../visits.ts";
import type { Workload } from "../workload.ts";

const gap = 400;
/** More than records are out of order. */
const grace = 1_500;
const finals = topic("finals", { key: sessionWindowed(string()), value: long() });

/** One final per session, which grows and merges while records come out of order. */
export const workload: Workload = {
  name: "session-finals",
  topics: { visits: visitPartitions, finals: 2 },
  stores: ["visits-per-session"],
  topology: () =>
    topology(
      "session-finals",
      stream(visits).pipe(
        groupByKey(),
        windowedBy(sessions(gap, { grace }), { emit: "finals" }),
        count({ store: "visits-per-session" }),
        toStream(),
        to(finals),
      ),
    ),
  input: (random, from) => visitsInPortions(random, from, { least: 15, more: 25, keys: 8 }),
  expected: (input) => {
    const end = Math.max(...input.map(({ timestamp }) => timestamp));
    const byKey = new Map<string, number[]>();
    for (const { key, timestamp } of input) addTo(byKey, String(key), timestamp);
    const values = new Map<string, readonly string[]>();
    for (const [key, timestamps] of byKey) {
      const sorted = timestamps.toSorted((a, b) => a - b);
      let start = 0;
      for (const [at, timestamp] of sorted.entries()) {
        const next = sorted[at + 1] ?? Number.POSITIVE_INFINITY;
        if (next - timestamp <= gap) continue;
        if (timestamp + gap + grace < end) values.set(`${key}@${sorted[start]}`, [String(at - start + 1)]);
        start = at + 1;
      }
    }
    return [{ topic: finals, how: "all", values }];
  },
};
