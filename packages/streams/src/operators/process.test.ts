import { expect, test } from "vitest";
import { createApp, process, stream, string, to, topic, topology } from "../index.ts";
import { simulatedCluster, TestDriver, VirtualClock } from "../testing/index.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });

test("a processor that asks for a commit has what was done so far committed before it is due", async () => {
  const clock = new VirtualClock();
  const cluster = simulatedCluster({ clock });
  for (const name of ["in", "out"]) cluster.createTopic({ topic: name, partitions: 1, configs: {} });
  const own = cluster.process();
  const app = createApp(
    topology(
      "asking",
      stream(input).pipe(
        process({
          create:
            ({ forward, commit }) =>
            (record) => {
              forward(record);
              if (record.value === "last") commit();
            },
        }),
        to(output),
      ),
    ),
    {
      transport: cluster.transport(own),
      clock: own,
      log: () => undefined,
      commitIntervalMs: 600_000,
      transactionTimeoutMs: 700_000,
    },
  );
  await clock.run(app.start(), 60_000);
  const committed = (): readonly string[] => cluster.read(output).map(({ value }) => value);
  cluster.pipe(input, "k", "first");
  await clock.runFor(30_000);
  expect(committed()).toEqual([]);
  cluster.pipe(input, "k", "last");
  expect(await clock.runUntil(() => committed().length === 2, 30_000)).toBe(true);
  expect(committed()).toEqual(["first", "last"]);
  cluster.pipe(input, "k", "one more");
  await clock.runFor(30_000);
  expect(committed()).toEqual(["first", "last"]);
  await clock.run(app.stop(), 60_000);
  expect(committed()).toEqual(["first", "last", "one more"]);
  cluster.close();
});

test("a processor that is no function is refused when it is made, and not at the first record", () => {
  for (const [made, shown] of [
    [undefined, "undefined"],
    [null, "null"],
    [{}, "[object Object]"],
    [Promise.resolve(), "[object Promise]"],
  ] as const)
    expect(
      () =>
        new TestDriver(
          topology(
            "none",
            stream(input).pipe(process({ name: "p", create: () => made as never }), to(output)),
          ),
        ),
    ).toThrow(
      `process() "p" could not be made for task 0_0: create() answered ${shown}, which is no function to call with each record`,
    );
});
