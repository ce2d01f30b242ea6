import { json, stream, string, to, topic, type Topic, type Topology, topology } from "@millrace/streams";

export interface Order {
  readonly country: string;
  readonly total: number;
}

const ordersTopic = (name: string): Topic<string, Order> =>
  topic(name, { key: string(), value: json<Order>() });

export const orders = ordersTopic("orders");
export const large = ordersTopic("large-orders");
export const domestic = ordersTopic("domestic-orders");
export const foreign = ordersTopic("foreign-orders");

/** Each order goes to one of three topics, which all exist when it starts; what is replayed, its header says, goes nowhere else. */
export const routedOrders = (home: string): Topology =>
  topology(
    "routed-orders",
    stream(orders).pipe(
      to(({ country, total }) => (total > 1_000 ? large : country === home ? domestic : foreign), {
        topics: [large, domestic, foreign],
      }),
    ),
  );
