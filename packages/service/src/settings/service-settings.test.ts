import { expect, test } from "vitest";
import { appOptionsOf } from "./app-options-of.ts";
import { Environment } from "./environment.ts";
import { serviceSettings } from "./service-settings.ts";

const read = (variables: Readonly<Record<string, string>>) => {
  const environment = new Environment({ KAFKA_BROKERS: "kafka:9092", ...variables });
  const settings = serviceSettings(environment, ["KAFKA_GROUP_ID", "counts"]);
  environment.check();
  return settings;
};

test("has defaults for everything but the brokers", () => {
  expect(read({})).toMatchObject({
    applicationId: "counts",
    deadLetter: "counts.dead-letter",
    late: undefined,
    sessionTimeoutMs: 45_000,
    heartbeatIntervalMs: 3_000,
    guarantee: "exactly_once",
    http: undefined,
    logLevel: "info",
  });
});

test("beats often enough for a short session", () => {
  expect(read({ KAFKA_SESSION_TIMEOUT_MS: "6000" }).heartbeatIntervalMs).toBe(2_000);
});

test.each([
  [
    { KAFKA_SESSION_TIMEOUT_MS: "6000", KAFKA_HEARTBEAT_INTERVAL_MS: "5000" },
    /KAFKA_HEARTBEAT_INTERVAL_MS is 5000; it must be at most half of KAFKA_SESSION_TIMEOUT_MS, which is 6000/,
  ],
  [{ COMMIT_INTERVAL_MS: "10000" }, /COMMIT_INTERVAL_MS is 10000; under exactly_once it must be below 10000/],
  [{ KAFKA_GROUP_ID: "a group" }, /KAFKA_GROUP_ID is "a group"; it must be of letters, digits/],
  [{ KAFKA_GROUP_ID: "g".repeat(181) }, /at most 180/],
  [{ KAFKA_TOPIC_DEAD_LETTER: "dead/letters" }, /KAFKA_TOPIC_DEAD_LETTER is "dead\/letters"/],
  [{ KAFKA_TOPIC_LATE: "." }, /KAFKA_TOPIC_LATE is "\."/],
  [{ STANDBY_REPLICAS: "-1" }, /STANDBY_REPLICAS is "-1"; it must be a whole number/],
  [{ APPLICATION_SERVER: "demand" }, /APPLICATION_SERVER is "demand"; it must be host:port/],
  [{ APPLICATION_SERVER: "a:1,b:2" }, /APPLICATION_SERVER is "a:1,b:2"; it must be host:port/],
  [
    { KAFKA_SESSION_TIMEOUT_MS: "2147483648" },
    /KAFKA_SESSION_TIMEOUT_MS is "2147483648"; it must be .* to 2147483647/,
  ],
  [
    { KAFKA_HEARTBEAT_INTERVAL_MS: "2147483648" },
    /KAFKA_HEARTBEAT_INTERVAL_MS is "2147483648"; it must be .* to 2147483647/,
  ],
  [
    { COMMIT_INTERVAL_MS: "2147483648", PROCESSING_GUARANTEE: "at_least_once" },
    /COMMIT_INTERVAL_MS is "2147483648"; it must be .* to 2147483647/,
  ],
  [{ KAFKA_GROUP_INSTANCE_ID: "demand 0" }, /KAFKA_GROUP_INSTANCE_ID is "demand 0"; it must be of letters/],
  [{ HTTP_PORT: "65536" }, /HTTP_PORT is "65536"; it must be a whole number from 0 to 65535/],
])("refuses %j before anything connects", (variables: Record<string, string>, message) => {
  expect(() => read(variables)).toThrow(message);
});

test("commits seldom under at_least_once", () => {
  expect(read({ COMMIT_INTERVAL_MS: "30000", PROCESSING_GUARANTEE: "at_least_once" }).commitIntervalMs).toBe(
    30_000,
  );
});

test("takes the name of a static member, and hands it to the application", () => {
  expect(appOptionsOf(read({ KAFKA_GROUP_INSTANCE_ID: "demand-0" }))).toMatchObject({
    instanceId: "demand-0",
  });
  expect(appOptionsOf(read({}))).not.toHaveProperty("instanceId");
});

test("takes how many standbys there are, and where stores can be asked, and hands both to the application", () => {
  expect(
    appOptionsOf(read({ STANDBY_REPLICAS: "1", APPLICATION_SERVER: "demand-0.demand:8080" })),
  ).toMatchObject({ standbyReplicas: 1, applicationServer: "demand-0.demand:8080" });
  expect(appOptionsOf(read({}))).toMatchObject({ standbyReplicas: 0 });
  expect(appOptionsOf(read({}))).not.toHaveProperty("applicationServer");
});
