import {
  count,
  groupByKey,
  long,
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
import { partitionForKey } from "../../../src/transport/murmur2.ts";
import { below, times } from "../input.ts";
import type { Workload } from "../workload.ts";

const size = 1_000;
const grace = 500;
const partitions = 3;
/** A portion's records come later than all windows of those before have closed: idle closing makes none late. */
const apart = 10_000;
const visits = topic("visits", { key: string(), value: string() });
const finals = topic("finals", { key: windowed(string(), size), value: long() });

/** One final per key and window, when stream time or, in the end, idleness closes it; some records are late. */
export const workload: Workload = {
  name: "finals",
  topics: { visits: partitions, finals: 3 },
  stores: ["visits-per-second"],
  topology: () =>
    topology(
      "finals",
      stream(visits).pipe(
        groupByKey(),
        windowedBy(tumbling(size, { grace }), { emit: "finals", closeOnIdle: 800 }),
        count({ store: "visits-per-second" }),
        toStream(),
        to(finals),
      ),
    ),
  input: (random, from) =>
    times(4, (portion) =>
      times(15 + below(random, 25), (index) => ({
        topic: visits,
        key: `v${below(random, 6)}`,
        value: "",
        timestamp: from + portion * apart + index * 100 + below(random, 1_500),
      })),
    ),
  expected: (input) => {
    const streamTimes = new Map<number, number>();
    const totals = new Map<string, number>();
    for (const { key, timestamp } of input) {
      const partition = partitionForKey(Buffer.from(String(key)), partitions);
      const streamTime = Math.max(streamTimes.get(partition) ?? 0, timestamp);
      streamTimes.set(partition, streamTime);
      const start = timestamp - (timestamp % size);
      if (start + size + grace <= streamTime) continue;
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
