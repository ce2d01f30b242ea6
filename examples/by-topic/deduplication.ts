import {
  double,
  hours,
  processValues,
  stream,
  string,
  to,
  topic,
  type Topology,
  topology,
  windowStore,
} from "@millrace/streams";

export const payments = topic("payments", { key: string(), value: double() });
export const payOnce = topic("payments-once", { key: string(), value: double() });

const within = hours(1);
const seen = windowStore("seen", {
  key: string(),
  value: double(),
  windowSize: within,
  retention: 2 * within,
});

/** Of payments with one id, which are sent again when in doubt, the first within an hour goes on. */
export const paymentsOnce = (): Topology =>
  topology(
    "payments-once",
    stream(payments).pipe(
      processValues({
        stores: { seen },
        create:
          ({ stores, forward }) =>
          ({ key, value, timestamp }) => {
            const [before] = stores.seen.fetch(key, Math.max(0, timestamp - within), timestamp + within);
            if (before !== undefined) return;
            stores.seen.put(key, timestamp, value, timestamp);
            forward({ value, timestamp });
          },
      }),
      to(payOnce),
    ),
  );
