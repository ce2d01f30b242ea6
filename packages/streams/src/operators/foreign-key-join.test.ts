import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  count,
  filter,
  groupBy,
  join,
  json,
  type KTable,
  leftJoin,
  type KeyValueStoreDefinition,
  long,
  mapValues,
  nullable,
  stream,
  string,
  table,
  to,
  topic,
  topology,
  toStream,
} from "../index.ts";
import { TestDriver } from "../testing/index.ts";
import { combinedKeySerde, foreignKeyPrefix } from "./combined-key.ts";
import { murmur3 } from "./murmur3.ts";
import { Instruction, subscriptionSerde } from "./subscription.ts";
import { subscriptionResponseSerde } from "./subscription-response.ts";

interface Order {
  readonly customer: string | null;
  readonly cents: number;
}

const orders = topic("orders", { key: long(), value: json<Order>() });
const customers = topic("customers", { key: string(), value: string() });
const out = topic("out", { key: long(), value: nullable(string()) });

const orderRows = (): KTable<number, Order | null> => table(orders, { store: "orders" });
const customerRows = (): KTable<string, string | null> => table(customers, { store: "customers" });
const bill = (order: Order, customer: string | null): string => `${customer ?? "?"}: ${order.cents}`;

const billed = (operator: typeof leftJoin = leftJoin): TestDriver =>
  new TestDriver(
    topology(
      "t",
      orderRows().pipe(
        operator(customerRows(), ({ customer }) => customer, bill, { name: "fk" }),
        toStream(),
        to(out),
      ),
    ),
  );

const outputs = (driver: TestDriver): readonly (readonly unknown[])[] =>
  driver.readOutput(out).map(({ key, value, timestamp }) => [key, value, timestamp]);

const deleteFrom = (
  driver: TestDriver,
  from: typeof orders | typeof customers,
  key: never,
  at: number,
): void => driver.pipeBytes(from.name, (from.key.serialize as (key: never) => Uint8Array)(key), null, at);

const inner = (store?: string): KTable<number, string | null> =>
  orderRows().pipe(
    join(customerRows(), ({ customer }) => customer, bill, {
      name: "fk",
      value: string(),
      ...(store !== undefined && { store }),
    }),
  );

const parentOf = (_name: string, path: string): string | null =>
  path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : null;

describe("a join by a foreign key", () => {
  test("gives each row the one that it names, as it is", () => {
    const driver = billed();
    driver.pipeInput(orders, 1, { customer: "ada", cents: 5 }, 1);
    driver.pipeInput(customers, "ada", "Ada", 2);
    driver.pipeInput(orders, 2, { customer: "ada", cents: 7 }, 3);
    driver.pipeInput(customers, "ada", "Countess", 4);
    deleteFrom(driver, orders, 2 as never, 5);
    deleteFrom(driver, customers, "ada" as never, 6);
    expect(outputs(driver)).toEqual([
      [1, "?: 5", 1],
      [1, "Ada: 5", 2],
      [2, "Ada: 7", 3],
      [1, "Countess: 5", 4],
      [2, "Countess: 7", 4],
      [2, null, 5],
      [1, "?: 5", 6],
    ]);
  });

  test("drops and counts a row without a foreign key where both sides are needed", () => {
    const driver = billed(join);
    driver.pipeInput(customers, "ada", "Ada", 1);
    driver.pipeInput(orders, 1, { customer: "ada", cents: 5 }, 2);
    driver.pipeInput(orders, 1, { customer: null, cents: 5 }, 3);
    expect(outputs(driver)).toEqual([
      [1, "Ada: 5", 2],
      [1, null, 3],
    ]);
    expect(driver.metrics.nullKeys).toBe(1);
  });

  test("leaves an answer out that is about what the row was before", () => {
    const driver = billed();
    driver.pipeInput(orders, 1, { customer: "ada", cents: 5 }, 1);
    driver.pipeInput(orders, 1, { customer: "bob", cents: 5 }, 2);
    outputs(driver);
    const late = (value: unknown): void => {
      const hash = value === null ? null : murmur3(Buffer.from(JSON.stringify(value)));
      const response = subscriptionResponseSerde(string());
      driver.pipeBytes(
        "t-fk-subscription-response-topic",
        long().serialize(1),
        response.serialize({ hash, value: "late", partition: 0 }),
        3,
      );
    };
    late({ customer: "ada", cents: 5 });
    late(null);
    expect(outputs(driver)).toEqual([]);
    late({ customer: "bob", cents: 5 });
    expect(outputs(driver)).toEqual([[1, "late: 5", 3]]);
  });

  test("answers what an older Kafka Streams subscribed, which names no partition, by its key", () => {
    const driver = billed();
    driver.pipeInput(orders, 1, { customer: "ada", cents: 5 }, 1);
    const subscribed = driver.produced.find(
      (record) => record.topic === "t-fk-subscription-registration-topic",
    );
    const old = Buffer.from(subscribed?.value ?? []);
    old[0] = 0;
    driver.pipeBytes(
      "t-fk-subscription-registration-topic",
      Buffer.from("ada"),
      old.subarray(0, old.length - 4),
      2,
    );
    driver.pipeInput(customers, "ada", "Ada", 3);
    expect(driver.produced.at(-2)).toMatchObject({
      topic: "t-fk-subscription-response-topic",
      partition: 0,
    });
    expect(outputs(driver).at(-1)).toEqual([1, "Ada: 5", 3]);
  });

  test("leaves out what is no subscription, and goes on", () => {
    const driver = new TestDriver(
      topology(
        "t",
        orderRows().pipe(
          leftJoin(customerRows(), ({ customer }) => customer, bill, { name: "fk" }),
          toStream(),
          to(out),
        ),
      ),
      { deadLetterTopic: "dead" },
    );
    for (const bytes of ["", "01", "0200", "0109", "7f03ffffff"])
      driver.pipeBytes(
        "t-fk-subscription-registration-topic",
        Buffer.from("ada"),
        Buffer.from(bytes, "hex"),
        1,
      );
    for (const bytes of ["", "00", "01ff"])
      driver.pipeBytes("t-fk-subscription-response-topic", long().serialize(1), Buffer.from(bytes, "hex"), 1);
    driver.pipeInput(orders, 1, { customer: "ada", cents: 5 }, 2);
    expect(outputs(driver)).toEqual([[1, "?: 5", 2]]);
    expect(driver.produced.filter((record) => record.topic === "dead").length).toBe(8);
  });

  test("finds the key in a row's key, too, and joins a table with itself", () => {
    const folders = topic("folders", { key: string(), value: string() });
    const names = topic("names", { key: string(), value: nullable(string()) });
    const rows = table(folders, { store: "folders" });
    const named = rows.pipe(
      leftJoin(rows, parentOf, (name, parent) => (parent === null ? name : `${parent} > ${name}`), {
        name: "fk",
      }),
      toStream(),
      to(names),
    );
    const made = topology("t", named);
    expect(made.subTopologies.length).toBe(1);
    const driver = new TestDriver(made);
    driver.pipeInput(folders, "a/b", "inner", 1);
    driver.pipeInput(folders, "a", "outer", 2);
    expect(driver.readOutput(names).map(({ key, value }) => [key, value])).toEqual([
      ["a/b", "inner"],
      ["a/b", "outer > inner"],
      ["a", "outer"],
    ]);
  });

  test("reads both tables through what is above them without a store", () => {
    const driver = new TestDriver(
      topology(
        "t",
        orderRows().pipe(
          filter(({ cents }) => cents > 0),
          join(
            customerRows().pipe(mapValues((name) => name.toUpperCase(), { value: string() })),
            ({ customer }) => customer,
            bill,
            { name: "fk" },
          ),
          toStream(),
          to(out),
        ),
      ),
    );
    driver.pipeInput(customers, "ada", "Ada", 1);
    driver.pipeInput(orders, 1, { customer: "ada", cents: 5 }, 2);
    driver.pipeInput(orders, 1, { customer: "ada", cents: 0 }, 3);
    expect(outputs(driver)).toEqual([
      [1, "ADA: 5", 2],
      [1, null, 3],
    ]);
  });

  test("keeps its results where it is asked to, for those who read or group them", () => {
    const perBill = (rows: KTable<number, string | null>) =>
      topology(
        "t",
        rows.pipe(
          groupBy((value) => [value, value], { key: string(), value: string() }),
          count({ store: "n" }),
        ),
        stream(orders).pipe(
          join(rows, (_order, text) => text),
          to(out),
        ),
      );
    expect(() => perBill(inner())).toThrow(/the join by a foreign key one as \{ store/);
    expect(() => stream(orders).pipe(join(inner(), bill))).toThrow(
      /give table\(\), toTable\(\) or the join by a foreign key one as \{ store/,
    );
    const driver = new TestDriver(perBill(inner("kept")));
    driver.pipeInput(customers, "ada", "Ada", 1);
    driver.pipeInput(orders, 1, { customer: "ada", cents: 5 }, 2);
    driver.pipeInput(orders, 1, { customer: "ada", cents: 5 }, 3);
    expect(outputs(driver)).toEqual([[1, "Ada: 5", 3]]);
    expect(driver.store<KeyValueStoreDefinition>("n").get("Ada: 5")).toBe(1);
  });

  test("asks for the serdes that its topics need", () => {
    const unwritten = customerRows().pipe(mapValues((name) => name.length));
    expect(() =>
      orderRows().pipe(
        join(
          unwritten,
          ({ customer }) => customer,
          (_order, length) => length,
          { name: "fk" },
        ),
      ),
    ).toThrow(/topic "fk-subscription-response-topic" needs a value serde.*give mapValues\(\) one/);
  });

  test("has topics and a store of its own, by its name", () => {
    const [rows, others] = [orderRows(), customerRows()];
    const joined = (): KTable<number, string | null> =>
      rows.pipe(join(others, ({ customer }) => customer, bill, { name: "fk" }));
    expect(() => topology("t", joined(), joined())).toThrow(/two repartition topics are named "fk-/);
  });
});

const hashes = fc.option(fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes)));

/** As in a fetched batch: with other bytes on both sides. */
const among = (bytes: Uint8Array | null): [source: Buffer, start: number, end: number] => {
  const own = bytes ?? Buffer.alloc(0);
  return [Buffer.concat([Buffer.of(1, 2, 3), own, Buffer.of(4)]), 3, 3 + own.length];
};

test("subscriptions are read as they were written", () => {
  const serde = subscriptionSerde(string());
  fc.assert(
    fc.property(
      fc.record({
        hash: hashes,
        instruction: fc.constantFrom(...Object.values(Instruction)),
        primaryKey: fc.string({ unit: "binary" }),
        partition: fc.option(fc.nat(), { nil: undefined }),
      }),
      (subscription) => {
        expect(serde.deserialize(...among(serde.serialize(subscription)))).toEqual(subscription);
      },
    ),
  );
});

test("responses are read as they were written, save that an empty text is none", () => {
  const serde = subscriptionResponseSerde(string());
  fc.assert(
    fc.property(hashes, fc.option(fc.string({ unit: "binary" })), (hash, value) => {
      expect(serde.deserialize(...among(serde.serialize({ hash, value, partition: 7 })))).toEqual({
        hash,
        value: value === "" ? null : value,
        partition: undefined,
      });
    }),
  );
});

test("combined keys are read as they were written, and begin as their foreign key alone says", () => {
  const serde = combinedKeySerde(string(), long());
  const texts = fc.string({ unit: "binary", maxLength: 3 });
  fc.assert(
    fc.property(texts, fc.maxSafeInteger(), texts, (foreignKey, primaryKey, other) => {
      const bytes = serde.serialize({ foreignKey, primaryKey });
      expect(serde.deserialize(...among(bytes))).toEqual({ foreignKey, primaryKey });
      const prefix = foreignKeyPrefix(string(), other);
      expect(prefix.equals(Buffer.from(bytes ?? []).subarray(0, prefix.length))).toBe(other === foreignKey);
    }),
  );
});

/** Customers are where their numbers say. */
const byNumber = (customer: string, partitions: number): number => Number(customer.slice(1)) % partitions;

const joinedByNumber = (options: { readonly otherPartitioner?: typeof byNumber }): readonly unknown[] => {
  const driver = new TestDriver(
    topology(
      "t",
      orderRows().pipe(
        join(customerRows(), ({ customer }) => customer, bill, {
          name: "fk",
          // Orders say where they are.
          partitioner: () => 1,
          ...options,
        }),
        toStream(),
        to(out),
      ),
    ),
    { partitions: { orders: 2, customers: 3, out: 1 } },
  );
  for (const n of [0, 1, 2, 3, 4, 5])
    driver.pipeInput(customers, `c${n}`, `name ${n}`, { timestamp: 1, partition: n % 3 });
  for (const n of [0, 1, 2, 3, 4, 5])
    driver.pipeInput(orders, n, { customer: `c${n}`, cents: n }, { timestamp: 2, partition: n % 2 });
  driver.pipeInput(orders, 9, { customer: null, cents: 9 }, { timestamp: 3, partition: 0 });
  return outputs(driver).toSorted(([a], [b]) => Number(a) - Number(b));
};

describe("rows that are not partitioned by the murmur2 of their keys", () => {
  test("are found where the other partitioner says, and answered where the left ones are", () => {
    expect(joinedByNumber({ otherPartitioner: byNumber })).toEqual(
      [0, 1, 2, 3, 4, 5].map((n) => [n, `name ${n}: ${n}`, 2]),
    );
    expect(joinedByNumber({}).length).toBeLessThan(6);
  });

  test("may be asked for in no partition that there is not", () => {
    expect(() => joinedByNumber({ otherPartitioner: () => 3 })).toThrow(
      /the partitioner chose partition 3 of "fk/,
    );
  });
});
