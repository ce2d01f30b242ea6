import { type Admin, Kafka, logLevel } from "kafkajs";
import { inject, test } from "vitest";
import { transportContract } from "../../testing/transport-contract.ts";
import { kafka } from "./kafka-transport.ts";

/** What no Transport offers, and a contract wants to see done to a cluster. */
const withAdmin = async (body: (admin: Admin) => Promise<unknown>): Promise<void> => {
  const admin = new Kafka({ brokers: [inject("kafka")], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    await body(admin);
  } finally {
    await admin.disconnect();
  }
};

transportContract(
  "kafka",
  async () => {
    const transport = kafka({ brokers: [inject("kafka")] });
    await transport.connect();
    return {
      transport,
      close: () => transport.close(),
      deleteTopic: (topic) => withAdmin((admin) => admin.deleteTopics({ topics: [topic] })),
      addPartitions: (topic, count) =>
        withAdmin((admin) => admin.createPartitions({ topicPartitions: [{ topic, count }] })),
    };
  },
  // oxlint-disable-next-line vitest/valid-title, vitest/expect-expect -- the contract names its tests and asserts
  (name, body) => test(name, { timeout: 90_000 }, body),
);
