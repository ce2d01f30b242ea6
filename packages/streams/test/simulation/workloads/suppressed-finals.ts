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
import { below, keyOfEach, times } from "../input.ts";
import type { InputRecord, Workload } from "../workload.ts";

const size = 1_000;
/** More than records are out of order. */
const grace = 1_500;
const partitions = 3;
const visits = topic("visits", { key: string(), value: string() });
const finals = topic("finals", { key: windowed(string(), size), value: long() });

const visit = (key: string, timestamp: number): InputRecord => ({
  topic: visits,
  key,
  value: "",
  timestamp,
});

/**
 * Updates of windows that are held back until these close: one result of each. What is left in the buffer says which record
 * made it, which is a matter of commits, so its changelog is not compared.
 */
export const workload: Workload = {
  name: "suppressed-finals",
  topics: { visits: partitions, finals: 2 },
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
  input: (random, from) => {
    const portions = times(4, (portion) =>
      times(15 + below(random, 25), (index) =>
        visit(`v${below(random, 8)}`, from + portion * 6_000 + index * 100 + below(random, 1_000)),
      ),
    );
    return [...portions, keyOfEach(partitions).map((key) => visit(key, from + 100_000))];
  },
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
