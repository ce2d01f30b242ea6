import {
  aggregate,
  cogroup,
  double,
  groupByKey,
  json,
  long,
  stream,
  string,
  to,
  topic,
  type Topology,
  topology,
  toStream,
} from "@millrace/streams";

interface Customer {
  readonly visits: number;
  readonly spent: number;
  readonly stars: readonly number[];
}

export const visits = topic("visits", { key: string(), value: string() });
export const purchases = topic("purchases", { key: string(), value: double() });
export const ratings = topic("ratings", { key: string(), value: long() });
export const customers = topic("customers", { key: string(), value: json<Customer>() });

/** One row per customer, made of three streams by one aggregation with one store, instead of three and two joins. */
export const customerView = (): Topology =>
  topology(
    "customer-view",
    stream(visits).pipe(
      groupByKey(),
      cogroup((customer: Customer) => ({ ...customer, visits: customer.visits + 1 })),
      cogroup(stream(purchases).pipe(groupByKey()), (customer, amount) => ({
        ...customer,
        spent: customer.spent + amount,
      })),
      cogroup(stream(ratings).pipe(groupByKey()), (customer, stars) => ({
        ...customer,
        stars: [...customer.stars, stars],
      })),
      aggregate({
        store: "customers",
        value: customers.value,
        init: () => ({ visits: 0, spent: 0, stars: [] }),
      }),
      toStream(),
      to(customers),
    ),
  );
