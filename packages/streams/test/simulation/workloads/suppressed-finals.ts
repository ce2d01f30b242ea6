import {
  count,
  groupByKey,
  long,
  stream,
  string,
  suppress,
  to,
  topic,
  topology,
  toStream,
  tumbling,
  untilWindowCloses,
  windowed,
  windowedBy,
} from "../../../src/index.ts";
import { visitPartitions, visits, visitsInPortions } from "../visits.ts";
import type { Workload } from "../workload.ts";

const size = 1_000;
/** More than records are out of order. */
const grace = 1_500;
const finals = topic("finals", { key: windowed(string(), size), value: long() });

/**
 * Updates of windows that are held back until these close: one result of each. What is left in the buffer says which record
 * made it, which is a matter of commits, so its changelog is not compared.
 */
export const workload: Workload = {
  name: "suppressed-finals",
  topics: { visits: visitPartitions, finals: 2 },
  stores: ["visits-per-second"],
  topology: () =>
    topology(
      "suppressed-finals",
      stream(visits).pipe(
        groupByKey(),
        windowedBy(tumbling(size, { grace })),
        count({ store: "visits-per-second" }),
        suppress(untilWindowCloses(), { store: "held" }),
        toStream(),
        to(finals),
      ),
    ),
  input: (random, from) => visitsInPortions(random, from, { least: 15, more: 25, keys: 8 }),
  expected: (input) => {
    const end = Math.max(...input.map(({ timestamp }) => timestamp));
    const totals = new Map<string, number>();
    for (const { key, timestamp } of input) {
      const start = timestamp - (timestamp % size);
      if (start + size + grace > end) continue;
      const window = `${String(key)}@${start}`;
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
