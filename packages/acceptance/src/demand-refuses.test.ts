import { kafka as kafkaTransport } from "@millrace/streams";
import { expect, inject, test } from "vitest";
import { ServiceProcess } from "./service-process.ts";

const kafka = (): string => inject("kafka");
const registry = (): string => inject("registry");

/** The messages of the lines that it ends with, whatever the log level. */
const refused = async (
  environment: Readonly<Record<string, string>>,
  args?: readonly string[],
): Promise<string> => {
  const demand = new ServiceProcess("demand", { LOG_LEVEL: "silent", ...environment }, args);
  expect(await demand.exit()).toBe(1);
  return demand.output
    .trim()
    .split("\n")
    .map((line) => {
      const { level, application, message } = JSON.parse(line) as Record<string, string>;
      expect({ level, application }).toEqual({ level: "error", application: expect.stringMatching(/./) });
      return message;
    })
    .join("\n");
};

test.concurrent("names every setting that is wrong, what was read and what is allowed", async () => {
  const output = await refused({
    KAFKA_BROKERS: "nowhere",
    DEMAND_GRACE_MS: "soon",
    MONGODB_URI: "mongodb://admin:secret@mongo:27017",
    PROCESSING_GUARANTEE: "twice",
  });
  expect(output.split("\n")).toEqual([
    'DEMAND_GRACE_MS is "soon"; it must be a whole number from 0 to 315360000000',
    'KAFKA_BROKERS is "nowhere"; it must be host:port, several separated by commas',
    'PROCESSING_GUARANTEE is "twice"; it must be one of exactly_once, at_least_once',
    "SCHEMA_REGISTRY_URL is not set; it must be the URL of a schema registry",
    'MONGODB_URI is "mongodb://***@mongo:27017", which names no database; it must be mongodb://host:port/database, or mongodb+srv://host/database',
  ]);
});

test.concurrent("names every component that does not answer, in one go", async () => {
  const output = await refused({
    KAFKA_BROKERS: "127.0.0.1:9",
    SCHEMA_REGISTRY_URL: "http://127.0.0.1:9",
    MONGODB_URI: "mongodb://127.0.0.1:9/venue",
  });
  expect(output).toMatch(/^no Kafka broker answers at 127\.0\.0\.1:9 .*KAFKA_BROKERS/);
  expect(output).toMatch(
    /; schema registry at http:\/\/127\.0\.0\.1:9 does not answer: .*SCHEMA_REGISTRY_URL/,
  );
  expect(output).toMatch(/; MongoDB at 127\.0\.0\.1:9 .*check MONGODB_URI/);
});

test.concurrent("says what the broker allows where it refuses the session time-out", async () => {
  const output = await refused(
    {
      KAFKA_BROKERS: kafka(),
      SCHEMA_REGISTRY_URL: registry(),
      KAFKA_SESSION_TIMEOUT_MS: "1800001",
      KAFKA_GROUP_ID_AGGREGATOR: "long-session",
      KAFKA_TOPIC_BOOKING_EVENTS: "long-session.in",
      KAFKA_TOPIC_DEMAND_HOURLY: "long-session.out",
    },
    ["--create-topics", "--partitions", "1"],
  );
  expect(output).toMatch(/KAFKA_SESSION_TIMEOUT_MS is outside of what the broker allows/);
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
  expect(output).toMatch(/schema registry at http:\/\/127\.0\.0\.1:9 does not answer.*SCHEMA_REGISTRY_URL/);
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
