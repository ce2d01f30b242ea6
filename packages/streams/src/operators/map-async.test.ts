import fc from "fast-check";
import { expect, test } from "vitest";
import {
  json,
  map,
  MillraceError,
  mapAsync,
  selectKey,
  stream,
  string,
  to,
  topic,
  topology,
} from "../index.ts";
import type { MapAsyncOptions } from "./map-async.ts";
import type { NewSerdes } from "./map.ts";
import { TestDriver } from "../testing/index.ts";
import { KeyedQueue } from "./keyed-queue.ts";
import type { ErrorHandlers } from "../runtime/settings/error-handlers.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });

interface Id {
  readonly id: string;
}

test("object keys without a serde are refused, for which of them are equal is not known", () => {
  const driver = new TestDriver(
    topology(
      "async",
      stream(input).pipe(
        map((value, key): readonly [Id, string] => [{ id: key }, value]),
        mapAsync((value) => value, { concurrency: 2 }),
        selectKey((_value, { id }) => id),
        to(output),
      ),
    ),
  );
  expect(() => driver.pipeInput(input, "k", "v")).toThrow(
    /give map\(\) a serde as { key: ... }, or mapAsync\(\) an orderBy/,
  );
});

test.for<[string, NewSerdes<Id, string>, MapAsyncOptions<Id, string>]>([
  ["with a serde", { key: json<Id>() }, { concurrency: 2 }],
  ["with an orderBy", {}, { concurrency: 2, orderBy: ({ id }) => id }],
])("equal object keys keep their order %s", async ([, serdes, options]) => {
  const calls = new Calls();
  const driver = new TestDriver(
    topology(
      "async",
      stream(input).pipe(
        map((value, key): readonly [Id, string] => [{ id: key }, value], serdes),
        mapAsync(calls.call, options),
        selectKey((_value, { id }) => id),
        to(output),
      ),
    ),
  );
  for (const value of ["1", "2"]) driver.pipeInput(input, "k", value);
  expect(calls.waiting).toEqual(["1"]);
  await calls.answer("1");
  await calls.answer("2");
  await driver.settle();
  expect(driver.readOutput(output).map(({ value }) => value)).toEqual(["1!", "2!"]);
});

/** Calls that are answered when the test says so. */
class Calls {
  readonly #waiting = new Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>();
  most = 0;

  readonly call = (value: string): Promise<string> =>
    new Promise((resolve, reject) => {
      this.#waiting.set(value, { resolve, reject });
      this.most = Math.max(this.most, this.#waiting.size);
    });

  get waiting(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  async answer(value: string, failure?: Error): Promise<void> {
    const waiting = this.#waiting.get(value);
    this.#waiting.delete(value);
    if (failure === undefined) waiting?.resolve(`${value}!`);
    else waiting?.reject(failure);
    // The answers that follow from it take their turns.
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  }
}

const driverOf = (
  calls: Calls,
  concurrency: number,
  options: { readonly deadLetterTopic?: string; readonly handlers?: Partial<ErrorHandlers> } = {},
): TestDriver =>
  new TestDriver(
    topology("async", stream(input).pipe(mapAsync(calls.call, { concurrency }), to(output))),
    options,
  );

const values = (driver: TestDriver): readonly string[] => driver.readOutput(output).map(({ value }) => value);

test("keeps the records of a key in order, one at a time, and lets keys overtake each other", async () => {
  const calls = new Calls();
  const driver = driverOf(calls, 8);
  for (const [key, value] of [
    ["a", "a1"],
    ["a", "a2"],
    ["b", "b1"],
  ] as const)
    driver.pipeInput(input, key, value);
  expect(calls.waiting).toEqual(["a1", "b1"]);
  await calls.answer("b1");
  await calls.answer("a1");
  expect(calls.waiting).toEqual(["a2"]);
  await calls.answer("a2");
  await driver.settle();
  expect(values(driver)).toEqual(["b1!", "a1!", "a2!"]);
});

test("keeps the order of what orderBy puts together, whatever the keys", async () => {
  const calls = new Calls();
  const driver = new TestDriver(
    topology(
      "async",
      stream(input).pipe(
        mapAsync(calls.call, { concurrency: 8, orderBy: (key) => key.split("/")[0] }),
        to(output),
      ),
    ),
  );
  for (const [key, value] of [
    ["north/1", "n1"],
    ["north/2", "n2"],
    ["south/1", "s1"],
  ] as const)
    driver.pipeInput(input, key, value);
  expect(calls.waiting).toEqual(["n1", "s1"]);
  await calls.answer("n1");
  expect(calls.waiting).toEqual(["s1", "n2"]);
  await calls.answer("n2");
  await calls.answer("s1");
  await driver.settle();
  expect(values(driver)).toEqual(["n1!", "n2!", "s1!"]);
});

test("no more calls are under way than it may, whatever comes in and however it is answered", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 30 }),
      fc.infiniteStream(fc.nat()),
      async (concurrency, keys, choices) => {
        const calls = new Calls();
        const driver = driverOf(calls, concurrency);
        for (const [n, key] of keys.entries()) driver.pipeInput(input, key, `${key}${n}`);
        const settled = driver.settle();
        while (calls.waiting.length > 0) {
          const { waiting } = calls;
          await calls.answer(waiting[(choices.next().value ?? 0) % waiting.length] ?? "");
        }
        await settled;
        expect(calls.most).toBeLessThanOrEqual(concurrency);
        const seen = values(driver);
        expect(seen).toHaveLength(keys.length);
        for (const key of new Set(keys)) {
          const own = seen
            .filter((value) => value.startsWith(key))
            .map((value) => Number(value.slice(1, -1)));
          expect(own).toEqual(own.toSorted((a, b) => a - b));
        }
      },
    ),
    { numRuns: 50 },
  );
});

test("a rejection stops the task, unless the handler says otherwise", async () => {
  const calls = new Calls();
  const driver = driverOf(calls, 2);
  driver.pipeInput(input, "a", "a1");
  await calls.answer("a1", new Error("the lookup failed"));
  await expect(driver.settle()).rejects.toThrow(/"mapAsync" failed: the lookup failed/);
});

test("dead-letters the record that a rejection belongs to, though the task has read on", async () => {
  const calls = new Calls();
  const driver = driverOf(calls, 4, {
    deadLetterTopic: "dead",
    handlers: { processing: () => "deadLetter" },
  });
  driver.pipeInput(input, "a", "a1");
  driver.pipeInput(input, "b", "b1");
  await calls.answer("a1", new MillraceError("refused", { code: "REFUSED" }));
  await calls.answer("b1");
  await driver.settle();
  const [dead] = driver.produced.filter(({ topic: name }) => name === "dead");
  expect(String(dead?.value)).toBe("a1");
  const headers = new Map(dead?.headers.map(([name, value]) => [name, String(value)]));
  expect(headers.get("__streams.errors.exception")).toBe("REFUSED");
  expect(headers.get("__streams.errors.topic")).toBe("in");
  expect(headers.get("__streams.errors.offset")).toBe("0");
  expect(driver.metrics.deadLettered.get("REFUSED")).toBe(1);
  expect(values(driver)).toEqual(["b1!"]);
});

test("after it was cancelled nothing begins any more, and the places are free", async () => {
  const calls = new Calls();
  const queue = new KeyedQueue<string>(1, () => 0);
  const done: string[] = [];
  for (const value of ["a1", "a2"])
    queue.add("a", {
      about: { operator: "mapAsync", position: undefined },
      run: () => calls.call(value),
      done: (result) => done.push(result),
      failed: () => undefined,
    });
  queue.cancel();
  expect(queue.inFlight).toBe(1);
  await calls.answer("a1");
  expect(calls.waiting).toEqual([]);
  expect(queue.inFlight).toBe(0);
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("a call without an answer in time is repeated, and its late answer is nobody's", async () => {
  const calls: ((value: string) => void)[] = [];
  const driver = new TestDriver(
    topology(
      "async",
      stream(input).pipe(
        mapAsync(() => new Promise<string>((resolve) => calls.push(resolve)), {
          concurrency: 1,
          timeoutMs: 1_000,
          retry: { attempts: 2, backoffMs: 100 },
        }),
        to(output),
      ),
    ),
  );
  driver.pipeInput(input, "k", "v");
  driver.advanceWallClock(1_000);
  await turn();
  calls[0]?.("too late");
  driver.advanceWallClock(100);
  await turn();
  expect(calls).toHaveLength(2);
  calls[1]?.("in time");
  await driver.settle();
  expect(driver.readOutput(output).map(({ value }) => value)).toEqual(["in time"]);
});

test("a call that fails as often as it may goes to the processing handler", async () => {
  let calls = 0;
  const driver = new TestDriver(
    topology(
      "async",
      stream(input).pipe(
        mapAsync(
          () => {
            calls++;
            throw new Error("no");
          },
          { concurrency: 1, retry: { attempts: 3, backoffMs: 10 } },
        ),
        to(output),
      ),
    ),
    { handlers: { processing: () => "skip" } },
  );
  driver.pipeInput(input, "k", "v");
  for (let round = 0; round < 3; round++) {
    await turn();
    driver.advanceWallClock(1_000);
  }
  await driver.settle();
  expect(calls).toBe(3);
  expect(driver.metrics.skipped).toBe(1);
});
