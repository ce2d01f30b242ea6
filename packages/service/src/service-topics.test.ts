import { simulatedCluster } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { prepareServiceTopics } from "./service-topics.ts";

test("makes its dead-letter topic take any record of the shared ones, with headers that say why", async () => {
  const transport = simulatedCluster().transport();
  await transport.createTopics([
    { topic: "bookings", partitions: 2, configs: { "max.message.bytes": "5000000" } },
  ]);
  await prepareServiceTopics(transport, {
    shared: [{ name: "bookings", partitions: 2 }],
    own: ["dead"],
    broker: undefined,
    create: undefined,
  });
  const limit = (await transport.describeTopicConfig("dead")).get("max.message.bytes");
  expect(Number(limit)).toBeGreaterThanOrEqual(5_000_000 + 2 * 4_096 * 4);
});
