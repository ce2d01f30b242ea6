import { randomUUID } from "node:crypto";
import { inspect, isDeepStrictEqual } from "node:util";
import { expect, inject, test } from "vitest";
import { systemClock } from "../clock.ts";
import {
  type App,
  createApp,
  join,
  kafka,
  leftJoin,
  noHeaders,
  nullable,
  partitionForKey,
  string,
  table,
  to,
  type Topic,
  topic,
  topology,
  type Topology,
  toStream,
  type Transport,
} from "../index.ts";
import { readLog } from "../runtime/topics/read-log.ts";

const connect = (): Transport => kafka({ brokers: [inject("kafka")] });
const sizes = { orders: 4, customers: 3, bills: 2, matches: 2 };

const customerOf = (order: string): string | null => (order.startsWith("c") ? order.slice(0, 2) : null);

/** Orders of customers, in two joins; the customers are restored from their topic. */
const billing = (id: string): Topology => {
  const texts = (name: string): Topic<string, string | null> =>
    topic(`${id}-${name}`, { key: string(), value: nullable(string()) });
  const orders = table(texts("orders"), { store: "orders" });
  const customers = table(texts("customers"), { store: "customers", sourceAsChangelog: true });
  return topology(
    id,
    orders.pipe(
      leftJoin(customers, customerOf, (order, customer) => `${order} for ${customer ?? "nobody"}`, {
        name: "left",
      }),
      toStream(),
      to(texts("bills")),
    ),
    orders.pipe(
      join(customers, customerOf, (order, customer) => `${order} of ${customer}`, { name: "inner" }),
      toStream(),
      to(texts("matches")),
    ),
  );
};

class Billing {
  readonly id: string = `billing-${randomUUID()}`;
  readonly transport: Transport = connect();
  readonly #apps: App[] = [];
  readonly #rows = { orders: new Map<string, string>(), customers: new Map<string, string>() };

  async open(): Promise<void> {
    await this.transport.connect();
    await this.transport.createTopics(
      Object.entries(sizes).map(([name, partitions]) => ({
        topic: `${this.id}-${name}`,
        partitions,
        configs: { "cleanup.policy": "compact" },
      })),
    );
  }

  async app(): Promise<App> {
    const app = createApp(billing(this.id), {
      transport: connect(),
      commitIntervalMs: 50,
      sessionTimeoutMs: 6_000,
      heartbeatIntervalMs: 300,
    });
    this.#apps.push(app);
    await app.start();
    return app;
  }

  async put(
    name: "orders" | "customers",
    rows: readonly (readonly [string, string | null])[],
  ): Promise<void> {
    const full = `${this.id}-${name}`;
    const producer = await this.transport.createProducer({
      transactionTimeoutMs: 10_000,
      compression: "none",
    });
    await producer.prepareTopics([full]);
    for (const [key, value] of rows) {
      if (value === null) this.#rows[name].delete(key);
      else this.#rows[name].set(key, value);
      const bytes = Buffer.from(key);
      producer.append(
        full,
        partitionForKey(bytes, sizes[name]),
        bytes,
        value === null ? null : Buffer.from(value),
        Date.now(),
        noHeaders,
      );
    }
    await producer.flush();
    await producer.close();
  }

  /** The last committed value of each key. */
  async read(name: "bills" | "matches"): Promise<ReadonlyMap<string, string>> {
    const rows = new Map<string, string>();
    const every = Array.from({ length: sizes[name] }, (_, partition) => ({
      topic: `${this.id}-${name}`,
      partition,
    }));
    for (const { partition: one, offset } of await this.transport.listOffsets(every, "latest", true))
      await readLog(this.transport, systemClock, one, 0, offset, (record) => {
        const { buffer, keyStart, keyEnd, valueStart, valueEnd } = record;
        const key = buffer.toString("utf8", keyStart, keyEnd);
        if (valueStart < 0) rows.delete(key);
        else rows.set(key, buffer.toString("utf8", valueStart, valueEnd));
        return true;
      });
    return rows;
  }

  get expected(): {
    readonly bills: ReadonlyMap<string, string>;
    readonly matches: ReadonlyMap<string, string>;
  } {
    const { orders, customers } = this.#rows;
    const found = [...orders].map(
      ([key, order]) => [key, order, customers.get(customerOf(order) ?? "")] as const,
    );
    return {
      bills: new Map(found.map(([key, order, customer]) => [key, `${order} for ${customer ?? "nobody"}`])),
      matches: new Map(
        found.flatMap(([key, order, customer]) =>
          customer === undefined ? [] : [[key, `${order} of ${customer}`] as const],
        ),
      ),
    };
  }

  /** Waits until both outputs are as they should be. */
  async settled(): Promise<void> {
    for (const giveUp = Date.now() + 60_000; ;) {
      const { bills, matches } = this.expected;
      const found = { bills: await this.read("bills"), matches: await this.read("matches") };
      if (isDeepStrictEqual(found, { bills, matches })) return;
      if (Date.now() > giveUp)
        throw new Error(`expected ${inspect({ bills, matches })}, there is ${inspect(found)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#apps.map((app) => app.stop()));
    await this.transport.close();
  }
}

const orders = (
  count: number,
  valueOf: (at: number) => string | null,
): readonly (readonly [string, string | null])[] =>
  Array.from({ length: count }, (_, at) => [`o${at}`, valueOf(at)] as const);

test(
  "joins by a foreign key across partitions and members, and goes on where a member left",
  { timeout: 240_000 },
  async () => {
    const bench = new Billing();
    await bench.open();
    try {
      const first = await bench.app();
      await bench.put(
        "orders",
        orders(40, (at) => `c${at % 7}-${at}`),
      );
      await bench.put(
        "customers",
        Array.from({ length: 5 }, (_, at) => [`c${at}`, `name ${at}`] as const),
      );
      await bench.settled();
      const described = await bench.transport.describeTopics(
        ["registration", "response"].map((what) => `${bench.id}-left-subscription-${what}-topic`),
      );
      expect([...described.values()].map(({ partitions }) => partitions)).toEqual([
        sizes.customers,
        sizes.orders,
      ]);

      const second = await bench.app();
      const shared = (): boolean => {
        const [ofFirst, ofSecond] = [first.tasks.active.length, second.tasks.active.length];
        return ofSecond > 0 && ofFirst + ofSecond === sizes.orders + sizes.customers;
      };
      await expect.poll(shared, { timeout: 60_000 }).toBe(true);
      await bench.put("customers", [
        ["c1", "other"],
        ["c2", null],
        ["c6", "late"],
      ]);
      await bench.put(
        "orders",
        orders(20, (at) => (at % 3 === 0 ? null : at % 3 === 1 ? "none" : `c${(at + 1) % 7}-new`)),
      );
      await bench.settled();

      await first.stop();
      await bench.put("customers", [
        ["c3", "after"],
        ["c2", "back"],
      ]);
      await bench.put(
        "orders",
        orders(10, (at) => `c${at % 4}-again`),
      );
      await bench.settled();
      expect(second.metrics.restored).toBeGreaterThan(0);
    } finally {
      await bench.close();
    }
  },
);
