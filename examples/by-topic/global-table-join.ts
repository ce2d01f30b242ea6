import {
  globalTable,
  json,
  leftJoin,
  stream,
  string,
  to,
  topic,
  type Topology,
  topology,
} from "@millrace/streams";

export interface Payment {
  readonly currency: string;
  readonly amount: number;
}

export const payments = topic("payments", { key: string(), value: json<Payment>() });
export const currencies = topic("currencies", { key: string(), value: string() });
export const shown = topic("shown", { key: string(), value: string() });

/** A small table that every payment needs, whatever its key: each member holds all of it. */
export const shownPayments = (): Topology => {
  const symbols = globalTable(currencies, { store: "symbols" });
  return topology(
    "shown-payments",
    stream(payments).pipe(
      leftJoin(symbols, ({ amount, currency }, symbol) => `${symbol ?? currency} ${amount}`, {
        on: ({ currency }) => currency,
      }),
      to(shown),
    ),
  );
};
