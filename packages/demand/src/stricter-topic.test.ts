import { simulatedCluster } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { tellOfStricterTopic } from "./stricter-topic.ts";

const hour = 3_600_000;

test.each([
  { limit: hour, maxAheadMs: 4 * hour, told: 1 },
  { limit: hour, maxAheadMs: hour, told: 0 },
  { limit: 4 * hour, maxAheadMs: 4 * hour, told: 0 },
])(
  "a topic that takes $limit ms ahead is told of $told times where DEMAND_MAX_AHEAD_MS is $maxAheadMs",
  async ({ limit, maxAheadMs, told }) => {
    const cluster = simulatedCluster();
    const transport = cluster.transport();
    await transport.connect();
    await transport.createTopics([
      { topic: "bookings", partitions: 1, configs: { "message.timestamp.after.max.ms": String(limit) } },
    ]);
    const lines: string[] = [];
    await tellOfStricterTopic(transport, { bookingEvents: "bookings", maxAheadMs }, (level, message) =>
      lines.push(`${level} ${message}`),
    );
    const line = /^warn .*3600000 ms ahead.*raise message\.timestamp\.after\.max\.ms/;
    expect(lines).toEqual(Array.from({ length: told }, () => expect.stringMatching(line)));
    await transport.close();
  },
);
