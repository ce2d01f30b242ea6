import { expect, test } from "vitest";
import { kafkaSettings } from "./kafka-settings.ts";

test("prefers what is said on the command line", () => {
  expect(kafkaSettings("[::1]:9092", { KAFKA_BROKERS: "kafka:9092" }).brokers).toEqual(["[::1]:9092"]);
  expect(kafkaSettings(undefined, { KAFKA_BROKERS: "kafka:9092" }).brokers).toEqual(["kafka:9092"]);
});

test.each([
  [undefined, {}, "no brokers: give --brokers host:port, or set KAFKA_BROKERS"],
  ["kafka:99999", {}, '--brokers is "kafka:99999"; it must be host:port'],
  [undefined, { KAFKA_BROKERS: "kafka" }, 'KAFKA_BROKERS is "kafka"; it must be host:port'],
  ["kafka:9092", { KAFKA_SSL: "yes" }, 'KAFKA_SSL is "yes"; it must be one of true, false'],
  ["kafka:9092", { KAFKA_SSL: "true", KAFKA_SSL_CA: "/nowhere.pem" }, 'KAFKA_SSL_CA is "/nowhere.pem"'],
  ["kafka:9092", { KAFKA_SASL_MECHANISM: "kerberos" }, 'KAFKA_SASL_MECHANISM is "kerberos"'],
])("refuses %s with %j", (brokers, variables, message) => {
  expect(() => kafkaSettings(brokers, variables)).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringContaining(message) }),
  );
});
