import {
  count,
  groupBy,
  join,
  leftJoin,
  long,
  nullable,
  string,
  table,
  to,
  topic,
  topology,
  toStream,
} from "../../../src/index.ts";
import { below, times } from "../input.ts";
import type { InputRecord, Workload } from "../workload.ts";

const orders = topic("orders", { key: string(), value: nullable(string()) });
const customers = topic("customers", { key: string(), value: nullable(string()) });
const bills = topic("bills", { key: string(), value: nullable(string()) });
const matches = topic("matches", { key: string(), value: nullable(string()) });
const billCounts = topic("bill-counts", { key: string(), value: nullable(long()) });

const people = 5;

const customerOf = (order: string): string | null => (order.startsWith("c") ? order.slice(0, 2) : null);

/**
 * Orders that name their customers by foreign keys, which change as rows on both sides come, change and go, and come back
 * to what they were: an answer to a former value must not pass for one to the present one. In two joins, and counted. The
 * customers are restored from their topic.
 */
export const workload: Workload = {
  name: "foreign-keys",
  topics: { orders: 3, customers: 2, bills: 2, matches: 3, "bill-counts": 1 },
  stores: ["orders", "left-subscription-store", "bills", "count"],
  topology: () => {
    const left = table(orders, { store: "orders" });
    const right = table(customers, { store: "customers", sourceAsChangelog: true });
    const billed = left.pipe(
      leftJoin(right, customerOf, (order, customer) => `${order} for ${customer ?? "nobody"}`, {
        name: "left",
        store: "bills",
        value: string(),
      }),
    );
    return topology(
      "foreign-keys",
      billed.pipe(toStream(), to(bills)),
      left.pipe(
        join(right, customerOf, (order, customer) => `${order} of ${customer}`, { name: "inner" }),
        toStream(),
        to(matches),
      ),
      billed.pipe(
        groupBy((bill) => ["all", bill], { key: string(), value: string() }),
        count({ store: "count" }),
        toStream(),
        to(billCounts),
      ),
    );
  },
  input: (random, from) => {
    let sent = 0;
    const at = (): number => from + sent++ * 20;
    const order = (key: string, value: string | null): InputRecord => ({
      topic: orders,
      key,
      value,
      timestamp: at(),
    });
    const customer = (key: string, value: string | null): InputRecord => ({
      topic: customers,
      key,
      value,
      timestamp: at(),
    });
    const one = (): InputRecord => {
      const person = `c${below(random, people)}`;
      if (random() < 0.35) return customer(person, random() < 0.3 ? null : `${person}-${below(random, 3)}`);
      if (random() < 0.1) return order(`u${below(random, 2)}`, `none-${below(random, 2)}`);
      const key = `p${below(random, 10)}`;
      return order(key, random() < 0.15 ? null : `${person}-${below(random, 2)}`);
    };
    const portions = times(6, () => times(10 + below(random, 30), one));
    // In the end every order is there, and those that have a customer have one who is: whether a result ever came and
    // went would be a matter of commits.
    const last = [
      ...times(people, (person) => customer(`c${person}`, person === 0 ? null : `c${person}-last`)),
      ...times(10, (key) => order(`p${key}`, `c${1 + below(random, people - 1)}-${below(random, 2)}`)),
      ...times(2, (key) => order(`u${key}`, `none-${key}`)),
    ];
    return [...portions, last];
  },
  expected: (input) => {
    const rows = new Map<string, string>();
    for (const { topic: source, key, value } of input)
      if (source === orders) rows.set(String(key), String(value));
    const billed = new Map<string, readonly string[]>();
    const matched = new Map<string, readonly string[]>();
    for (const [key, value] of rows) {
      const person = value.startsWith("none") ? "nobody" : `${value.slice(0, 2)}-last`;
      billed.set(key, [`${value} for ${person}`]);
      if (person !== "nobody") matched.set(key, [`${value} of ${person}`]);
    }
    return [
      { topic: bills, how: "latest", values: billed },
      { topic: matches, how: "latest", values: matched },
      { topic: billCounts, how: "latest", values: new Map([["all", [String(rows.size)]]]) },
    ];
  },
};
