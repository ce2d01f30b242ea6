import {
  days,
  double,
  hours,
  join,
  stream,
  string,
  table,
  to,
  topic,
  type Topology,
  topology,
  versionedStore,
} from "@millrace/streams";

export const sales = topic("sales", { key: string(), value: double() });
export const rates = topic("rates", { key: string(), value: double() });
export const converted = topic("converted", { key: string(), value: double() });

/** A sale is converted at the rate of its own time, also where either comes up to an hour late. */
export const convertedSales = (): Topology => {
  const history = versionedStore("rates", { key: string(), value: double(), historyRetention: days(2) });
  return topology(
    "converted-sales",
    stream(sales).pipe(
      join(table(rates, { store: history }), (amount, rate) => amount * rate, {
        name: "sale-at-rate",
        grace: hours(1),
      }),
      to(converted),
    ),
  );
};
