import { expect, test } from "vitest";
import { Environment } from "./environment.ts";
import { kafkaSettings } from "./kafka-settings.ts";

const read = (variables: Readonly<Record<string, string>>) => {
  const environment = new Environment(variables);
  const settings = kafkaSettings(environment, "client");
  environment.check();
  return settings;
};

test("takes names, IPv4 and IPv6 addresses of brokers", () => {
  expect(
    read({ KAFKA_BROKERS: "kafka:9092, 10.0.0.1:9093,[::1]:9092,[fe80::1%eth0]:65535" }).brokers,
  ).toEqual(["kafka:9092", "10.0.0.1:9093", "[::1]:9092", "[fe80::1%eth0]:65535"]);
});

test.each([
  "kafka",
  "kafka:",
  "kafka:99999",
  "kafka:0",
  "::1:9092",
  "[kafka]:9092",
  "tcp://kafka:9092",
  "[::1]",
])("refuses %s", (text) => {
  expect(() => read({ KAFKA_BROKERS: `kafka:9092,${text}` })).toThrow(
    `KAFKA_BROKERS is "${text}"; it must be host:port, several separated by commas`,
  );
});

test("refuses a user without a mechanism, and a mechanism without one", () => {
  const KAFKA_BROKERS = "kafka:9092";
  expect(() => read({ KAFKA_BROKERS, KAFKA_SASL_USERNAME: "me" })).toThrow(
    "KAFKA_SASL_USERNAME is set, and KAFKA_SASL_MECHANISM is not",
  );
  expect(() => read({ KAFKA_BROKERS, KAFKA_SASL_MECHANISM: "plain", KAFKA_SASL_USERNAME: "me" })).toThrow(
    "KAFKA_SASL_PASSWORD is not set",
  );
});
