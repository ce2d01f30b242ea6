import { kafka as kafkaTransport } from "@millrace/streams";
import { expect, inject, test } from "vitest";
import { ServiceProcess } from "./service-process.ts";

const kafka = (): string => inject("kafka");
const registry = (): string => inject("registry");

const refused = async (
  environment: Readonly<Record<string, string>>,
  args?: readonly string[],
): Promise<string> => {
  const demand = new ServiceProcess("demand", { LOG_LEVEL: "silent", ...environment }, args);
  expect(await demand.exit()).toBe(1);
  return demand.output.trim();
};

test.concurrent("names every setting that is wrong, what was read and what is allowed", async () => {
  const output = await refused({
    KAFKA_BROKERS: "nowhere",
    DEMAND_GRACE_MS: "soon",
    PROCESSING_GUARANTEE: "twice",
  });
  expect(output.split("\n")).toEqual([
    'DEMAND_GRACE_MS is "soon"; it must be a whole number of 0 or more',
    'KAFKA_BROKERS is "nowhere"; it must be host:port, several separated by commas',
    "SCHEMA_REGISTRY_URL is not set; it must be the URL of a schema registry",
    'PROCESSING_GUARANTEE is "twice"; it must be one of exactly_once, at_least_once',
  ]);
});

test.concurrent("names the brokers that do not answer", async () => {
  const output = await refused({ KAFKA_BROKERS: "127.0.0.1:9", SCHEMA_REGISTRY_URL: registry() });
  expect(output).toMatch(/^no Kafka broker answers at 127\.0\.0\.1:9 .*check the address/);
});

test.concurrent("says how to create a missing topic", async () => {
  const output = await refused({
    KAFKA_BROKERS: kafka(),
    SCHEMA_REGISTRY_URL: registry(),
    KAFKA_TOPIC_BOOKING_EVENTS: "never.created",
  });
  expect(output).toContain('topic "never.created" does not exist; run again with --create-topics');
  expect(output).toContain("kafka-topics.sh");
});

test.concurrent("names the registry that does not answer", async () => {
  const output = await refused(
    {
      KAFKA_BROKERS: kafka(),
      SCHEMA_REGISTRY_URL: "http://127.0.0.1:9",
      KAFKA_GROUP_ID_AGGREGATOR: "no-registry",
      KAFKA_TOPIC_BOOKING_EVENTS: "no-registry.in",
      KAFKA_TOPIC_DEMAND_HOURLY: "no-registry.out",
    },
    ["--create-topics", "--partitions", "1"],
  );
  expect(output).toMatch(/schema registry http:\/\/127\.0\.0\.1:9 failed.*SCHEMA_REGISTRY_URL/);
});

test.concurrent("says what to do about an internal topic with the wrong number of partitions", async () => {
  const transport = kafkaTransport({ brokers: kafka().split(",") });
  await transport.connect();
  await transport.createTopics([
    { topic: "wrong.in", partitions: 2, configs: {} },
    { topic: "wrong.out", partitions: 2, configs: {} },
    { topic: "wrong-bookings-changelog", partitions: 3, configs: { "cleanup.policy": "compact" } },
  ]);
  await transport.close();
  const output = await refused({
    KAFKA_BROKERS: kafka(),
    SCHEMA_REGISTRY_URL: registry(),
    KAFKA_GROUP_ID_AGGREGATOR: "wrong",
    KAFKA_TOPIC_BOOKING_EVENTS: "wrong.in",
    KAFKA_TOPIC_DEMAND_HOURLY: "wrong.out",
  });
  expect(output).toMatch(
    /^internal topic "wrong-bookings-changelog" has 3 partitions, but this topology needs 2: .*delete its internal topics/,
  );
});
