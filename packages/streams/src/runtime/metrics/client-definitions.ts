import type { MetricDefinition } from "./metric-definition.ts";

/** What the application asks brokers (metrics of Kafka's consumers and producers). */
export const clientDefinitions: readonly MetricDefinition[] = [
  {
    name: "request_duration",
    kind: "histogram",
    unit: "seconds",
    description:
      "How long brokers took: fetches of each consumer, which they hold for up to half a second while nothing is there; " +
      "the steps of the producer's commits",
    tags: ["client", "request"],
    kafkaStreams:
      "fetch-latency-avg and -max, request-latency-avg and -max, txn-send-offsets-time-ns-total, txn-commit-time-ns-total",
    points: ({ requests }) =>
      [...requests].map(({ client, request, times }) => ({ tags: { client, request }, value: times.value })),
  },
];
