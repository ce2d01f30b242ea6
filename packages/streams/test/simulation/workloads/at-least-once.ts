import {
  count,
  groupByKey,
  long,
  mapAsync,
  selectKey,
  stream,
  string,
  to,
  topic,
  topology,
  toStream,
} from "../../../src/index.ts";
import { addTo, below, times } from "../input.ts";
import type { Workload } from "../workload.ts";

const orders = topic("orders", { key: string(), value: string() });
const receipts = topic("receipts", { key: string(), value: string() });
const orderCounts = topic("order-counts", { key: string(), value: long() });

/** at_least_once: what was done again may come twice, and count twice; nothing is lost. */
export const workload: Workload = {
  name: "at-least-once",
  topics: { orders: 3, receipts: 2, "order-counts": 2 },
  app: { guarantee: "at_least_once" },
  // What is in the changelog of a count that may count twice is not the undisturbed run's.
  stores: [],
  topology: (clock) => {
    const source = stream(orders);
    return topology(
      "at-least-once",
      source.pipe(
        mapAsync(
          async (order) => {
            if (clock.random() < 0.3)
              await new Promise<void>((resolve) => void clock.setTimeout(resolve, 1 + clock.random() * 300));
            return `receipt of ${order}`;
          },
          { concurrency: 4, value: string() },
        ),
        to(receipts),
      ),
      source.pipe(
        selectKey((order) => `c${order.length}${order.at(-1) ?? ""}`, { key: string() }),
        groupByKey(),
        count({ store: "orders-per-kind" }),
        toStream(),
        to(orderCounts),
      ),
    );
  },
  input: (random, from) => {
    let sent = 0;
    return times(5, () =>
      times(10 + below(random, 20), () => ({
        topic: orders,
        key: `o${below(random, 9)}`,
        value: String(sent),
        timestamp: from + sent++ * 10,
      })),
    );
  },
  expected: (input) => {
    const byKey = new Map<string, string[]>();
    const totals = new Map<string, number>();
    for (const { key, value } of input) {
      addTo(byKey, String(key), `receipt of ${String(value)}`);
      const kind = `c${String(value).length}${String(value).at(-1) ?? ""}`;
      totals.set(kind, (totals.get(kind) ?? 0) + 1);
    }
    return [
      { topic: receipts, how: "covers", values: byKey },
      {
        topic: orderCounts,
        how: "reaches",
        values: new Map([...totals].map(([kind, total]) => [kind, [String(total)]])),
      },
    ];
  },
};
