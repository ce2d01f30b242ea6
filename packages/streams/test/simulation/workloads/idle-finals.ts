import {
  count,
  groupByKey,
  long,
  mapAsync,
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
const visits = topic("visits", { key: string(), value: string() });
const finals = topic("finals", { key: windowed(string(), size), value: long() });

/** One final per key and window, because the input is quiet, behind calls that take their time. */
export const workload: Workload = {
  name: "idle-finals",
  topics: { visits: 3, finals: 3 },
  stores: ["visits-per-second"],
  topology: (clock) =>
    topology(
      "idle-finals",
      stream(visits).pipe(
        mapAsync(
          async (value) => {
            if (clock.random() < 0.2)
              await new Promise<void>(
                (resolve) => void clock.setTimeout(resolve, 1 + clock.random() * 2_500),
              );
            return value;
          },
          { concurrency: 4, value: string() },
        ),
        groupByKey(),
        windowedBy(tumbling(size, { grace }), { emit: "finals", closeOnIdle: 800 }),
        count({ store: "visits-per-second" }),
        toStream(),
        to(finals),
      ),
    ),
  input: (random, from) =>
    times(4, (portion) =>
      times(5 + below(random, 15), () => ({
        topic: visits,
        key: `v${below(random, 6)}`,
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
