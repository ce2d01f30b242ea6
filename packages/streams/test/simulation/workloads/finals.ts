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
import type { InputRecord, Workload } from "../workload.ts";

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
  rows: (input) => {
    const windows = [...counted(input).values()];
    // A store's time is that of the last window that it has a row of.
    const live = windows.filter(
      ({ partition, start }) =>
        !windows.some((other) => other.partition === partition && start <= other.start - size - grace),
    );
    return new Map([["visits-per-second", live.length]]);
  },
  expected: (input) => [
    {
      topic: finals,
      how: "all",
      values: new Map([...counted(input)].map(([name, { total }]) => [name, [String(total)]])),
    },
  ],
};

interface CountedWindow {
  readonly partition: number;
  readonly start: number;
  total: number;
}

const counted = (input: readonly InputRecord[]): ReadonlyMap<string, CountedWindow> => {
  const streamTimes = new Map<number, number>();
  const windows = new Map<string, CountedWindow>();
  for (const { key, timestamp } of input) {
    const partition = partitionForKey(Buffer.from(String(key)), partitions);
    const streamTime = Math.max(streamTimes.get(partition) ?? 0, timestamp);
    streamTimes.set(partition, streamTime);
    const start = timestamp - (timestamp % size);
    if (start + size + grace <= streamTime) continue;
    const name = `${String(key)}@${start}`;
    const window = windows.get(name) ?? { partition, start, total: 0 };
    window.total++;
    windows.set(name, window);
  }
  return windows;
};
