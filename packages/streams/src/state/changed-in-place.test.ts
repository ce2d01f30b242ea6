import { describe, expect, test } from "vitest";
import {
  aggregate,
  createApp,
  foreach,
  groupBy,
  groupByKey,
  hopping,
  join,
  json,
  keyValueStore,
  mapValues,
  processValues,
  reduce,
  type Serde,
  type Sink,
  stream,
  string,
  table,
  to,
  topic,
  topology,
  toStream,
  windowedBy,
} from "../index.ts";
import { silent } from "../log.ts";
import { simulatedCluster, TestDriver, VirtualClock } from "../testing/index.ts";

interface Tally {
  n: number;
  seen: string[];
}

const input = topic("in", { key: string(), value: json<Tally>() });
const output = topic("out", { key: string(), value: json<number | null>() });
const one: Tally = { n: 1, seen: ["x"] };

const counting = (add: (tally: Tally, next: Tally) => Tally): Sink =>
  stream(input).pipe(
    groupByKey(),
    aggregate({ store: "tallies", value: json<Tally>(), init: (): Tally => ({ n: 0, seen: [] }), add }),
    mapValues(({ n }) => n),
    toStream(),
    to(output),
  );

const store = keyValueStore("kept", { key: string(), value: json<Tally>() });

const inPlace: Readonly<Record<string, () => Sink>> = {
  "an aggregate's property": () =>
    counting((tally, { n }) => {
      tally.n += n;
      return tally;
    }),
  "what an aggregate holds": () =>
    counting((tally, { n, seen }) => {
      tally.seen.push(...seen);
      return { ...tally, n: tally.n + n };
    }),
  "a value that is reduced, in several windows": () =>
    stream(input).pipe(
      groupByKey(),
      windowedBy(hopping(10, 5, { grace: 0 })),
      reduce({
        store: "sums",
        add: (sum, { n }) => {
          sum.n += n;
          return sum;
        },
      }),
      toStream(),
      foreach(() => undefined),
    ),
  "a row of a processor's store": () =>
    stream(input).pipe(
      processValues({
        stores: { store },
        create:
          ({ stores }) =>
          ({ key, value }) => {
            const kept = stores.store.get(key) ?? value;
            kept.n++;
            stores.store.put(key, kept);
          },
      }),
      foreach(() => undefined),
    ),
  "a table's row, in a join": () =>
    stream(topic("clicks", { key: string(), value: string() })).pipe(
      join(table(input, { store: "rows" }), (_left, right) => {
        right.seen.push("joined");
        return right.n;
      }),
      to(output),
    ),
};

describe("a value that a store keeps", () => {
  test.for(Object.entries(inPlace))("can't be changed in place: %s", ([, end]) => {
    const driver = new TestDriver(topology("t", end()));
    expect(() => {
      for (const at of [12, 12, 13]) driver.pipeInput(input, "a", one, at);
      driver.pipeInput(topic("clicks", { key: string(), value: string() }), "a", "click", 13);
    }).toThrow(/must not be changed in place: make a new one/);
  });

  test("nor where an application runs, which counts nothing twice then", async () => {
    const clock = new VirtualClock();
    const cluster = simulatedCluster({ clock });
    for (const name of ["in", "out"]) cluster.createTopic({ topic: name, partitions: 1, configs: {} });
    const own = cluster.process();
    const made = topology("t", (inPlace["an aggregate's property"] as () => Sink)());
    const app = createApp(made, { transport: cluster.transport(own), clock: own, log: silent });
    await clock.run(app.start(), 60_000);
    cluster.pipe(input, "a", one);
    await clock.runFor(5_000);
    cluster.pipe(input, "a", one);
    await clock.runFor(5_000);
    expect(cluster.read(output).map(({ value }) => value)).toEqual([1]);
    expect(app.state).toBe("error");
    await expect(app.done()).rejects.toThrow(/"aggregate" failed: .* must not be changed in place/);
    cluster.close();
  });

  test("is, in a test driver, what a restart would find", () => {
    const dates: Serde<Date> = json<Date>();
    const days = topology(
      "t",
      stream(topic("in", { key: string(), value: string() })).pipe(
        groupBy((value) => value, { key: string() }),
        aggregate({
          store: "last",
          value: dates,
          init: () => new Date(0),
          add: (last) => new Date(last.getTime() + 1),
        }),
        toStream(),
        foreach(() => undefined),
      ),
    );
    const driver = new TestDriver(days);
    driver.pipeInput(topic("in", { key: string(), value: string() }), "k", "v");
    expect(() => driver.pipeInput(topic("in", { key: string(), value: string() }), "k", "v")).toThrow(
      /getTime is not a function/,
    );
  });
});
