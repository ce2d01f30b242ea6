import { describe, expect, test } from "vitest";
import { surgeSettings } from "./surge-settings.ts";

const required = {
  KAFKA_BROKERS: "localhost:9092",
  SCHEMA_REGISTRY_URL: "http://localhost:8081",
  MONGODB_URI: "mongodb://localhost:27017/venue_management",
};
const settings = (variables: Readonly<Record<string, string | undefined>> = {}) =>
  surgeSettings({ ...required, ...variables });

describe("surgeSettings", () => {
  test("has defaults for what need not be set", () => {
    expect(settings()).toMatchObject({
      mongoUri: required.MONGODB_URI,
      applicationId: "surge-updater",
      demandHourly: "venue.demand.hourly",
      deadLetter: "surge-updater.dead-letter",
      timeZone: "UTC",
      policy: { enabled: true, dryRun: false, smoothing: "none", deadband: undefined, maxStep: undefined },
      processedEventsTtlDays: 7,
      guarantee: "exactly_once",
      http: undefined,
    });
  });

  test("reads what is set", () => {
    const policy = {
      SURGE_ENABLED: "false",
      SURGE_DRY_RUN: "true",
      SURGE_SMOOTHING: "ema",
      SURGE_DEADBAND: "0.05",
      SURGE_MAX_STEP: "0.2",
    };
    expect(
      settings({ ...policy, KAFKA_GROUP_ID_UPDATER: "pricing", PROCESSED_EVENTS_TTL_DAYS: "30" }),
    ).toMatchObject({
      applicationId: "pricing",
      deadLetter: "pricing.dead-letter",
      policy: { enabled: false, dryRun: true, smoothing: "ema", deadband: 0.05, maxStep: 0.2 },
      processedEventsTtlDays: 30,
    });
  });

  test("needs a database, but for a dry run", () => {
    expect(() => settings({ MONGODB_URI: undefined })).toThrow(
      "MONGODB_URI is not set; it must be mongodb://",
    );
    expect(settings({ MONGODB_URI: undefined, SURGE_DRY_RUN: "true" }).mongoUri).toBeUndefined();
  });

  test.each([
    "mongodb://admin:password123@mongodb:27017/venue_management?authSource=admin",
    "mongodb://a:27017,b:27017/venue?replicaSet=rs0",
    "mongodb+srv://cluster.example.com/venue",
  ])("takes %s", (MONGODB_URI) => {
    expect(settings({ MONGODB_URI }).mongoUri).toBe(MONGODB_URI);
  });

  test("tells what is wrong without the password", () => {
    const MONGODB_URI = "mongo://admin:password123@mongodb:27017/venue";
    expect(() => settings({ MONGODB_URI })).toThrow(
      'MONGODB_URI is "mongo://***@mongodb:27017/venue"; it must be mongodb://host:port/database',
    );
  });

  test.each([
    ["SURGE_ENABLED", "yes"],
    ["SURGE_DRY_RUN", "1"],
    ["SURGE_SMOOTHING", "sma"],
    ["SURGE_DEADBAND", "-0.1"],
    ["SURGE_MAX_STEP", "0"],
    ["PROCESSED_EVENTS_TTL_DAYS", "0"],
    ["PROCESSED_EVENTS_TTL_DAYS", "24856"],
    ["VENUE_TIME_ZONE", "Mars/Olympus"],
    ["CAPACITY_CACHE_SIZE", "4294967295"],
  ])("refuses %s=%s", (name, text) => {
    expect(() => settings({ [name]: text })).toThrow(`${name} is "${text}"; it must be`);
  });

  test("tells all problems at once", () => {
    expect(() => surgeSettings({})).toThrow(/KAFKA_BROKERS.*\n.*SCHEMA_REGISTRY_URL.*\n.*MONGODB_URI/);
  });
});
