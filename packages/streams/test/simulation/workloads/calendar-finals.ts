import {
  calendar,
  count,
  groupByKey,
  hours,
  long,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  windowed,
  windowedBy,
} from "../../../src/index.ts";
import { partitionForKey } from "../../../src/transport/murmur2.ts";
import { below, keyOfEach, times } from "../input.ts";
import type { InputRecord, Workload } from "../workload.ts";

const partitions = 3;
const hour = hours(1);
const day = 24 * hour;
const grace = 2 * hour;
const days = calendar("day", { zone: "Europe/Berlin", grace });
/** From here on the clocks of Berlin are one hour ahead of UTC instead of two. */
const change = Date.parse("2021-10-31T01:00:00Z");
const begin = Date.parse("2021-10-29T06:00:00Z");
const visits = topic("calendar-visits", { key: string(), value: string() });
const finals = topic("calendar-finals-out", { key: windowed(string(), days), value: long() });

/** One final per key and day of a time zone, one of which has 25 hours; some records are late. */
export const workload: Workload = {
  name: "calendar-finals",
  topics: { "calendar-visits": partitions, "calendar-finals-out": 2 },
  stores: ["visits-per-day"],
  topology: () =>
    topology(
      "calendar-finals",
      stream(visits).pipe(
        groupByKey(),
        windowedBy(days, { emit: "finals" }),
        count({ store: "visits-per-day" }),
        toStream(),
        to(finals),
      ),
    ),
  input: (random) => [
    ...times(4, (portion) =>
      times(15 + below(random, 25), (index) => ({
        topic: visits,
        key: `v${below(random, 6)}`,
        value: "",
        timestamp: begin + portion * day + index * hour - below(random, 6 * hour),
      })),
    ),
    keyOfEach(partitions).map((key) => ({ topic: visits, key, value: "", timestamp: begin + 20 * day })),
  ],
  expected: (input) => [
    {
      topic: finals,
      how: "all",
      values: new Map([...counted(input)].map(([name, total]) => [name, [String(total)]])),
    },
  ],
};

/** `[start, end)` of the day of a time, where the clocks are that many hours ahead of UTC all day. */
const plainDay = (time: number, ahead: number): readonly [start: number, end: number] => {
  const start = Math.floor((time + ahead * hour) / day) * day - ahead * hour;
  return [start, start + day];
};

const [longStart] = plainDay(change, 2);
const longEnd = longStart + 25 * hour;

const dayOf = (time: number): readonly [start: number, end: number] =>
  time < longStart ? plainDay(time, 2) : time < longEnd ? [longStart, longEnd] : plainDay(time, 1);

/** Records that are not late, of the days that have closed, by key and start. */
const counted = (input: readonly InputRecord[]): ReadonlyMap<string, number> => {
  const streamTimes = new Map<number, number>();
  const totals = new Map<string, { readonly end: number; readonly partition: number; total: number }>();
  for (const { key, timestamp } of input) {
    const partition = partitionForKey(Buffer.from(String(key)), partitions);
    const streamTime = Math.max(streamTimes.get(partition) ?? 0, timestamp);
    streamTimes.set(partition, streamTime);
    const [start, end] = dayOf(timestamp);
    if (end + grace <= streamTime) continue;
    const name = `${String(key)}@${start}`;
    const known = totals.get(name) ?? { end, partition, total: 0 };
    known.total++;
    totals.set(name, known);
  }
  return new Map(
    [...totals]
      .filter(([, { end, partition }]) => end + grace <= (streamTimes.get(partition) ?? 0))
      .map(([name, { total }]) => [name, total]),
  );
};
