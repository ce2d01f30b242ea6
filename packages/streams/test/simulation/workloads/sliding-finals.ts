import {
  count,
  groupByKey,
  long,
  sliding,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  windowed,
  windowedBy,
} from "../../../src/index.ts";
import { addTo } from "../input.ts";
import { visitPartitions, visits, visitsInPortions } from "../visits.ts";
import type { Workload } from "../workload.ts";

const difference = 300;
/** More than records are out of order. */
const grace = 1_500;
const windows = sliding(difference, { grace });
const finals = topic("finals", { key: windowed(string(), windows), value: long() });

/** One final per sliding window: for each record the window that ends with it, and the one that begins after it. */
export const workload: Workload = {
  name: "sliding-finals",
  topics: { visits: visitPartitions, finals: 2 },
  stores: ["visits-together"],
  topology: () =>
    topology(
      "sliding-finals",
      stream(visits).pipe(
        groupByKey(),
        windowedBy(windows, { emit: "finals" }),
        count({ store: "visits-together" }),
        toStream(),
        to(finals),
      ),
    ),
  input: (random, from) => visitsInPortions(random, from, { least: 10, more: 20, keys: 6 }),
  expected: (input) => {
    const end = Math.max(...input.map(({ timestamp }) => timestamp));
    const byKey = new Map<string, number[]>();
    for (const { key, timestamp } of input) addTo(byKey, String(key), timestamp);
    const values = new Map<string, readonly string[]>();
    for (const [key, timestamps] of byKey)
      for (const start of timestamps.flatMap((timestamp) => [timestamp - difference, timestamp + 1])) {
        const held = timestamps.filter(
          (timestamp) => timestamp >= start && timestamp <= start + difference,
        ).length;
        if (held > 0 && start + difference + grace < end) values.set(`${key}@${start}`, [String(held)]);
      }
    return [{ topic: finals, how: "all", values }];
  },
};
