import { delay, filter, map, scan, tap } from "rxjs";
import { expect, test } from "vitest";
import { stream, string, to, topic, topology, via } from "../index.ts";
import type { StreamRecord } from "../record.ts";
import { TestDriver } from "../testing/index.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });
type Word = StreamRecord<string, string>;

const driverOf = (operator: Parameters<typeof via<string, string, string, string>>[0]): TestDriver =>
  new TestDriver(topology("via", stream(input).pipe(via(operator), to(output))));

const values = (driver: TestDriver): readonly string[] => driver.readOutput(output).map(({ value }) => value);

test("takes a chain of synchronous operators", () => {
  const driver = driverOf((source) =>
    source.pipe(
      filter(({ value }: Word) => value !== "skip"),
      scan(
        (before: Word | undefined, word: Word) => ({ ...word, value: `${before?.value ?? ""}${word.value}` }),
        undefined,
      ),
      map((word) => word as Word),
    ),
  );
  for (const word of ["a", "skip", "b"]) driver.pipeInput(input, "k", word);
  expect(values(driver)).toEqual(["a", "ab"]);
});

test("an error in it stops the task, which never commits past it, though RxJS swallows it", () => {
  const driver = driverOf(
    tap(({ value }: Word) => {
      if (value === "bad") throw new Error("this one is bad");
    }),
  );
  driver.pipeInput(input, "k", "good");
  expect(() => driver.pipeInput(input, "k", "bad")).toThrow(/"via" failed: this one is bad/);
  // Nothing that comes later gets past it.
  expect(() => driver.pipeInput(input, "k", "later")).toThrow(/this one is bad/);
  expect(values(driver)).toEqual(["good"]);
});

test("says where the record that broke it was read", () => {
  const driver = driverOf(
    map(() => {
      throw new Error("no");
    }),
  );
  expect(() => driver.pipeInput(input, "k", "first")).toThrow(
    expect.objectContaining({ position: { topic: "in", partition: 0, offset: 0 } }),
  );
});

test("an operator that emits later is refused: nothing would wait for it", async () => {
  const driver = driverOf(delay(1));
  driver.pipeInput(input, "k", "late");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(() => driver.pipeInput(input, "k", "next")).toThrow(
    /emitted after its input was done; use mapAsync/,
  );
  expect(values(driver)).toEqual([]);
});
