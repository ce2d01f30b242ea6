import {
  count,
  groupBy,
  groupByKey,
  long,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
} from "../../../src/index.ts";
import { below, oneOf, times } from "../input.ts";
import type { Workload } from "../workload.ts";

const text = { key: string(), value: string() };
const orders = ["a", "b", "c", "d"].map((name) => topic(`matched-${name}`, text));
const byKey = topic("counts-by-key", { key: string(), value: long() });
const byValue = topic("counts-by-value", { key: string(), value: long() });

/**
 * Topics that a pattern matches, of which some come and one goes while they are read: counts in the tasks that read them, and
 * behind a repartition topic, go on as if they had been there from the beginning.
 */
export const workload: Workload = {
  name: "matched-topics",
  topics: { "matched-a": 3, "matched-gone": 3, "counts-by-key": 2, "counts-by-value": 2 },
  created: { "matched-b": 3, "matched-c": 3, "matched-d": 3 },
  deleted: ["matched-gone"],
  stores: ["by-key", "by-value"],
  topology: () => {
    const matched = stream(/matched-[a-z]+/, text);
    return topology(
      "matched-topics",
      matched.pipe(groupByKey(), count({ store: "by-key" }), toStream(), to(byKey)),
      matched.pipe(
        groupBy((value) => value, { key: string() }),
        count({ store: "by-value" }),
        toStream(),
        to(byValue),
      ),
    );
  },
  input: (random, from) => {
    let sent = 0;
    return times(8, () => {
      const order = oneOf(random, orders);
      return times(10 + below(random, 20), () => ({
        topic: order,
        key: `k${below(random, 12)}`,
        value: `v${below(random, 5)}`,
        timestamp: from + sent++ * 20,
      }));
    });
  },
  expected: (input, { caching }) => {
    const totals = (of: "key" | "value"): ReadonlyMap<string, readonly string[]> => {
      const counts = new Map<string, number>();
      for (const record of input) {
        const name = String(record[of]);
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      return new Map(
        [...counts].map(([name, total]) => [
          name,
          caching ? [String(total)] : times(total, (index) => String(index + 1)),
        ]),
      );
    };
    const how = caching ? "rising" : "all";
    return [
      { topic: byKey, how, values: totals("key") },
      { topic: byValue, how, values: totals("value") },
    ];
  },
};
