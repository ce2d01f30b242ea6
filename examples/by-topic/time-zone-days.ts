import {
  aggregate,
  calendar,
  double,
  groupByKey,
  hours,
  stream,
  string,
  to,
  topic,
  type Topology,
  topology,
  toStream,
  windowed,
  windowedBy,
} from "@millrace/streams";

const berlinDays = calendar("day", { zone: "Europe/Berlin", grace: hours(1) });

export const sales = topic("sales", { key: string(), value: double() });
export const dailySales = topic("daily-sales", { key: windowed(string(), berlinDays), value: double() });

/** What each shop sold on each day of its own clocks, also on the two days a year that have 23 or 25 hours. */
export const salesPerDay = (): Topology =>
  topology(
    "sales-per-day",
    stream(sales).pipe(
      groupByKey(),
      windowedBy(berlinDays, { emit: "finals" }),
      aggregate({
        store: "sales-by-day",
        value: double(),
        init: () => 0,
        add: (sum, amount) => sum + amount,
      }),
      toStream(),
      to(dailySales),
    ),
  );
