import { expect, test } from "vitest";
import { kafka } from "../../index.ts";
import { brokerAddress } from "./broker-address.ts";

test.each([
  ["localhost:9092", "localhost", 9092],
  ["kafka-0.kafka.svc:65535", "kafka-0.kafka.svc", 65_535],
  ["127.0.0.1:1", "127.0.0.1", 1],
  ["[::1]:9092", "::1", 9092],
  ["[fe80::1%eth0]:9092", "fe80::1%eth0", 9092],
])("reads %s", (text, host, port) => {
  expect(brokerAddress(text)).toEqual({ host, port });
});

test.each([
  "localhost",
  "localhost:",
  ":9092",
  "localhost:99999",
  "localhost:0",
  "::1:9092",
  "[::1]",
  "[localhost]:9092",
  "PLAINTEXT://localhost:9092",
  "user@host:9092",
  "two hosts:9092",
  "",
])('refuses "%s" when the transport is made', (text) => {
  expect(() => kafka({ brokers: [text] })).toThrow(
    expect.objectContaining({ code: "CONFIG", message: expect.stringContaining(`"${text}" is no address`) }),
  );
});

test("refuses to be made without a broker", () => {
  expect(() => kafka({ brokers: [] })).toThrow("brokers is empty");
});
