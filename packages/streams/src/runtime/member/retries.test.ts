import { expect, test } from "vitest";
import { count, groupByKey, mapValues, stream, string, to, topic, topology, toStream } from "../../index.ts";
import type { ProcessingDecision } from "../settings/error-handlers.ts";
import { World } from "../../../test/world.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });

/** Tries thrice, and then leaves the record out. */
const thrice =
  (tries: string[]) =>
  ({ message }: Error, attempts: number): ProcessingDecision => {
    tries.push(`${/bad \w+/.exec(message)?.[0]} ${attempts}`);
    return attempts < 2 ? "retry" : "skip";
  };

test("several records of one commit that are given up after some tries are all left behind", async () => {
  const world = new World();
  const tries: string[] = [];
  const checked = topology(
    "checked",
    stream(input).pipe(
      mapValues((value) => {
        if (value.startsWith("bad")) throw new Error(value);
        return value;
      }),
      to(output),
    ),
  );
  for (const value of ["good a", "bad b", "good c", "bad d", "good e"]) world.cluster.pipe(input, "k", value);
  const app = await world.running(checked, { handlers: { processing: thrice(tries) } });
  expect(await world.until(() => world.values().length === 3, 60_000)).toBe(true);
  expect(world.values()).toEqual(["good a", "good c", "good e"]);
  // The first has been decided on when it comes again with the second: what was decided is asked again, and stands.
  expect(tries).toEqual([
    "bad b 0",
    "bad b 1",
    "bad b 2",
    "bad d 0",
    "bad b 2",
    "bad d 1",
    "bad b 2",
    "bad d 2",
  ]);
  await world.clock.run(app.stop(), 60_000);
});

test("what a flush brings about is tried as often as the handler wants, and no more", async () => {
  const world = new World();
  const tries: string[] = [];
  const flushed = topology(
    "flushed",
    stream(input).pipe(
      groupByKey(),
      count({ store: "counts" }),
      toStream(),
      mapValues((times, key) => {
        if (key === "bad") throw new Error(`bad ${times === 1 ? "one" : "two"}`);
        return String(times);
      }),
      to(output),
    ),
  );
  const app = await world.running(flushed, { handlers: { processing: thrice(tries) } });
  for (const key of ["a", "bad", "b"]) world.cluster.pipe(input, key, "v");
  expect(await world.until(() => world.values().length === 2, 60_000)).toBe(true);
  expect(tries).toEqual(["bad one 0", "bad one 1", "bad one 2"]);
  // It is decided anew in another commit.
  tries.length = 0;
  for (const key of ["bad", "b"]) world.cluster.pipe(input, key, "v");
  expect(await world.until(() => world.values().length === 3, 60_000)).toBe(true);
  expect(tries).toEqual(["bad two 0", "bad two 1", "bad two 2"]);
  await world.clock.run(app.stop(), 60_000);
});
