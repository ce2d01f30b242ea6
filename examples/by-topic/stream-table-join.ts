import { join, json, stream, string, table, to, topic, type Topology, topology } from "@millrace/streams";

export interface Order {
  readonly product: string;
  readonly pieces: number;
}

export const orders = topic("orders", { key: string(), value: json<Order>() });
export const customers = topic("customers", { key: string(), value: string() });
export const addressed = topic("addressed", { key: string(), value: string() });

/** Each order, keyed by its customer, meets the address that the customer has when it comes. */
export const addressedOrders = (): Topology => {
  const addresses = table(customers, { store: "addresses" });
  return topology(
    "addressed-orders",
    stream(orders).pipe(
      join(addresses, ({ pieces, product }, address) => `${pieces} ${product} to ${address}`),
      to(addressed),
    ),
  );
};
