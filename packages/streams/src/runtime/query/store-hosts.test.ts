import { expect, test } from "vitest";
import {
  type App,
  count,
  globalTable,
  groupByKey,
  join,
  keyValueStore,
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
} from "../../index.ts";
import { World } from "../../../test/world.ts";
import { partitionForKey } from "../../transport/murmur2.ts";

const input = topic("in", { key: string(), value: string() });
const names = topic("names", { key: string(), value: string() });
const counts = topic("counts", { key: windowed(string(), 10), value: long() });
const byKey = keyValueStore("by-key", { key: string(), value: long() });

const counting = topology(
  "counting",
  stream(input).pipe(
    join(globalTable(names, { store: "names" }), (value) => value, { on: (value) => value }),
    groupByKey(),
    windowedBy(tumbling(10, { grace: 0 })),
    count({ store: "by-window" }),
    toStream(),
    to(counts),
  ),
  stream(topic("other", { key: string(), value: string() })).pipe(
    groupByKey(),
    count({ store: byKey }),
    toStream(),
    to(topic("totals", { key: string(), value: long() })),
  ),
);

const world = new World({ topics: [] });
for (const [name, partitions] of Object.entries({ in: 4, names: 1, counts: 4, other: 6, totals: 6 }))
  world.create(name, partitions);

const start = (applicationServer?: string): Promise<App> =>
  world.running(counting, {
    standbyReplicas: 1,
    ...(applicationServer !== undefined && { applicationServer }),
  });

const sorted = (numbers: readonly number[]): readonly number[] => numbers.toSorted((a, b) => a - b);

test("every member knows who has which partitions of a store, and who has a key", async () => {
  const one = await start("one:8080");
  expect(one.storeHosts("by-window")).toEqual([{ host: "one:8080", active: [0, 1, 2, 3], standby: [] }]);
  const two = await start("two:8080");
  await world.clock.runFor(10_000);
  for (const app of [one, two])
    for (const [store, partitions] of [
      ["by-window", 4],
      [byKey, 6],
    ] as const) {
      const hosts = app.storeHosts(store);
      expect(hosts.map(({ host }) => host)).toEqual(["one:8080", "two:8080"]);
      expect(sorted(hosts.flatMap(({ active }) => active))).toEqual([...Array(partitions).keys()]);
      const [first, second] = hosts;
      expect(first?.active).toHaveLength(partitions / 2);
      expect(first?.standby).toEqual(second?.active);
      expect(second?.standby).toEqual(first?.active);
    }
  for (const key of ["a", "b", "c", "d", "e"]) {
    const partition = partitionForKey(Buffer.from(key), 6);
    const hosts = one.storeHosts(byKey);
    expect(two.hostsForKey(byKey, key)).toEqual({
      partition,
      active: hosts.find(({ active }) => active.includes(partition))?.host,
      standbys: hosts.filter(({ standby }) => standby.includes(partition)).map(({ host }) => host),
    });
  }
  expect(one.hostsForKey(byKey, "a", (_, partitions) => partitions - 1).partition).toBe(5);
  expect(one.hostsForKey("names", "a").active).toBe("one:8080");
  expect(two.hostsForKey("names", "a").active).toBe("two:8080");
  expect(one.storeHosts("names").map(({ host }) => host)).toEqual(["one:8080", "two:8080"]);
  expect(() => one.storeHosts("nothing")).toThrow(expect.objectContaining({ code: "STORE_UNKNOWN" }));
  // Who can't be asked is not named; what it has is named as nobody's.
  const mute = await start();
  await world.clock.runFor(10_000);
  expect(mute.storeHosts("names").map(({ host }) => host)).toEqual(["one:8080", "two:8080"]);
  expect(mute.storeHosts(byKey).flatMap(({ active }) => active)).toHaveLength(4);
  await world.end();
});
