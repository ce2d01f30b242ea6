import { expect, test } from "vitest";
import { venueSettings } from "./venue-settings.ts";

const environment = {
  KAFKA_BROKERS: "kafka:9092",
  SCHEMA_REGISTRY_URL: "http://registry:8081",
  MONGODB_URI: "mongodb://mongo:27017/venue",
};

test("each topology has a group and a dead-letter topic of its own", () => {
  const { demand, surge } = venueSettings({
    ...environment,
    KAFKA_TOPIC_DEAD_LETTER: "dead",
    KAFKA_TOPIC_LATE: "late",
  });
  expect([demand.applicationId, demand.deadLetter, demand.late]).toEqual([
    "demand-aggregator",
    "dead",
    "late",
  ]);
  expect([surge.applicationId, surge.deadLetter, surge.late]).toEqual([
    "surge-updater",
    "surge-updater.dead-letter",
    undefined,
  ]);
});

test("a problem that both have is told once", () => {
  expect(() => venueSettings({ ...environment, KAFKA_BROKERS: "kafka" })).toThrow(
    expect.objectContaining({
      problems: ['KAFKA_BROKERS is "kafka"; it must be host:port, several separated by commas'],
    }),
  );
});

test.each([
  [
    { KAFKA_GROUP_ID_AGGREGATOR: "venue", KAFKA_GROUP_ID_UPDATER: "venue" },
    'KAFKA_GROUP_ID_AGGREGATOR and KAFKA_GROUP_ID_UPDATER are both "venue"; they must differ',
  ],
  [
    { DEMAND_GRACE_MS: "9007199254740991" },
    'DEMAND_GRACE_MS is "9007199254740991"; it must be a whole number from 0',
  ],
  [{ DEMAND_IDLE_CLOSE_MS: "1e15" }, 'DEMAND_IDLE_CLOSE_MS is "1e15"; it must be a whole number from 0'],
  [
    { KAFKA_TOPIC_DEAD_LETTER: "surge-updater.dead-letter" },
    'KAFKA_TOPIC_DEAD_LETTER is "surge-updater.dead-letter"; it must differ from the surge topology\'s dead-letter topic',
  ],
  [
    { KAFKA_TOPIC_LATE: "prices.dead-letter", KAFKA_GROUP_ID_UPDATER: "prices" },
    'KAFKA_TOPIC_LATE is "prices.dead-letter"; it must differ from',
  ],
])("refuses %j before anything connects", (variables: Record<string, string>, message) => {
  expect(() => venueSettings({ ...environment, ...variables })).toThrow(message);
});
