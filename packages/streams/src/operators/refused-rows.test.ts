import { expect, test } from "vitest";
import {
  aggregate,
  count,
  groupByKey,
  int,
  json,
  keyValueStore,
  long,
  type MillraceError,
  noGrace,
  process,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
  tumbling,
  windowed,
  windowedBy,
  type KeyValueStoreDefinition,
  type WindowStoreDefinition,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: long() });

/** Sums numbers that are given as text: bad text makes NaN. */
const sums = topology(
  "sums",
  stream(input).pipe(
    groupByKey(),
    aggregate({ store: "sums", value: long(), init: () => 0, add: (sum, text) => sum + Number(text) }),
    toStream(),
    to(output),
  ),
);

test("a sum that became NaN is the production handler's, with store, key and position, and the row stays", () => {
  const errors: MillraceError[] = [];
  const driver = new TestDriver(sums, {
    handlers: {
      production: (error) => {
        errors.push(error);
        return "deadLetter";
      },
    },
    deadLetterTopic: "dead",
  });
  for (const value of ["1", "none", "2"]) driver.pipeInput(input, "a", value, 5);
  expect(driver.readOutput(output).map(({ value }) => value)).toEqual([1, 3]);
  expect(errors).toMatchObject([
    { code: "SERIALIZATION", position: { topic: "in", partition: 0, offset: 1 } },
  ]);
  expect(errors[0]?.message).toContain(`store "sums" could not take the row of key 'a'`);
  expect(driver.produced.filter(({ topic: name }) => name === "dead")).toHaveLength(1);
});

test("without a handler for it the task stops at such a record, and says where", () => {
  const driver = new TestDriver(sums);
  expect(() => driver.pipeInput(input, "a", "none", 5)).toThrow(/NaN.*in-0 offset 0/);
});

const forgetful = (): number => undefined as unknown as number;

test("an aggregate that a function forgot to return is an error, not a deletion", () => {
  const size = 10;
  const windows = topology(
    "windows",
    stream(input).pipe(
      groupByKey(),
      windowedBy(tumbling(size, noGrace)),
      aggregate({ store: "sums", value: long(), init: () => 0, add: forgetful }),
      toStream(),
      to(topic("out", { key: windowed(string(), size), value: long() })),
    ),
  );
  const plain = topology(
    "plain",
    stream(input).pipe(
      groupByKey(),
      aggregate({ store: "sums", value: long(), init: () => 0, add: forgetful }),
      toStream(),
      to(output),
    ),
  );
  for (const one of [windows, plain])
    expect(() => new TestDriver(one).pipeInput(input, "a", "1", 5)).toThrow(/became undefined/);
});

/** Puts into its store what a test says. */
const putting = (
  put: (store: { put(key: string, value: unknown): void }) => void,
  value = json<unknown>(),
) => {
  const store = keyValueStore("kept", { key: string(), value });
  return topology(
    "putting",
    stream(input).pipe(
      process({
        name: "put",
        stores: { store },
        key: string(),
        value: long(),
        create:
          ({ stores, forward }) =>
          ({ key, timestamp }) => {
            put(stores.store);
            forward({ key, value: 1, timestamp, headers: [] });
          },
      }),
      to(output),
    ),
  );
};

test("what only the flush can find out is the production handler's too, named by store and key", () => {
  const errors: MillraceError[] = [];
  const driver = new TestDriver(
    putting((store) => {
      store.put("good", 1);
      store.put("bad", 1n);
    }),
    {
      handlers: {
        production: (error) => {
          errors.push(error);
          return "skip";
        },
      },
    },
  );
  driver.pipeInput(input, "a", "", 5);
  expect(errors).toMatchObject([{ code: "SERIALIZATION" }]);
  expect(errors[0]?.message).toContain(`store "kept" could not take the row of key 'bad' (timestamp 5)`);
  expect([...driver.store<KeyValueStoreDefinition>("kept").all()]).toEqual([["good", 1]]);
});

test.each<[string, (store: { put(key: string, value: unknown): void }) => void, RegExp]>([
  ["a null key", (store) => store.put(null as unknown as string, 1), /no null key/],
  ["an undefined key", (store) => store.put(undefined as unknown as string, 1), /no undefined key/],
  ["half a surrogate pair", (store) => store.put("\ud83c", 1), /key '\\ud83c'.*half a surrogate pair/i],
  ["an undefined value", (store) => store.put("a", undefined), /key 'a'.*no undefined value/],
])("a store refuses %s at once, and says so", (_, put, message) => {
  expect(() => new TestDriver(putting(put)).pipeInput(input, "a", "", 5)).toThrow(message);
});

test.each([
  ["NaN", Number.NaN],
  ["a fraction", 1.5],
  ["more than 32 bits", 2 ** 31],
])("int() refuses %s, which it would write as another number", (_, value) => {
  expect(() => int().serialize(value)).toThrow(/32 bits/);
  const driver = new TestDriver(putting((store) => store.put("a", value), int() as never));
  expect(() => driver.pipeInput(input, "a", "", 5)).toThrow(/store "kept".*32 bits/);
});

test("a count of windows that expired at once keeps no row", () => {
  const size = 10;
  const driver = new TestDriver(
    topology(
      "late",
      stream(input).pipe(
        groupByKey(),
        windowedBy(tumbling(size, noGrace)),
        count({ store: "counts" }),
        toStream(),
        to(topic("out", { key: windowed(string(), size), value: long() })),
      ),
    ),
  );
  driver.pipeInput(input, "a", "", 100);
  driver.pipeInput(input, "a", "", 5);
  expect([...driver.store<WindowStoreDefinition>("counts").fetchAll(0, 100)]).toHaveLength(1);
});
