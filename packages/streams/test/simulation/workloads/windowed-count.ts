import {
  count,
  groupByKey,
  hours,
  long,
  selectKey,
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
const words = topic("words", { key: string(), value: string() });
const counts = topic("counts", { key: windowed(string(), size), value: long() });

/** A count per word and window behind a repartition topic. */
export const workload: Workload = {
  name: "windowed-count",
  topics: { words: 3, counts: 2 },
  stores: ["count"],
  topology: () =>
    topology(
      "windowed-count",
      stream(words).pipe(
        selectKey((word) => word, { key: string() }),
        groupByKey(),
        windowedBy(tumbling(size, { grace: hours(1) })),
        count({ store: "count" }),
        toStream(),
        to(counts),
      ),
    ),
  input: (random, from) => {
    let sent = 0;
    return times(5, () =>
      times(10 + below(random, 40), () => ({
        topic: words,
        key: `k${below(random, 20)}`,
        value: `w${below(random, 4)}`,
        timestamp: from + sent++ * 20 + below(random, 500),
      })),
    );
  },
  expected: (input, { caching }) => {
    const totals = new Map<string, number>();
    for (const { value, timestamp } of input) {
      const key = `${String(value)}@${timestamp - (timestamp % size)}`;
      totals.set(key, (totals.get(key) ?? 0) + 1);
    }
    return [
      {
        topic: counts,
        how: caching ? "rising" : "all",
        values: new Map(
          [...totals].map(([key, total]) => [
            key,
            caching ? [String(total)] : times(total, (index) => String(index + 1)),
          ]),
        ),
      },
    ];
  },
};
