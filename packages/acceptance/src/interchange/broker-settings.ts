/** Looks for the transactions of a killed JVM every second, not every ten. */
export const brokerSettings: Readonly<Record<string, string>> = {
  "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000",
};
