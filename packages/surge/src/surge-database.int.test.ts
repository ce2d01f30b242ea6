import type { Document } from "mongodb";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { PricingFixture } from "../test/pricing-fixture.ts";
import { SurgeDatabase } from "./surge-database.ts";

describe.each([
  { server: "the MongoDB at hand", uri: inject("mongo") },
  { server: "one that is no replica set", uri: inject("mongoStandalone") },
])("on $server", ({ uri }) => {
  let surge: PricingFixture;

  beforeEach(async ({ skip }) => {
    skip(uri === "", "there is none");
    surge = await PricingFixture.open(uri);
  });

  afterEach(() => surge.close());

  const indexesOf = async (name: string): Promise<readonly Document[]> => {
    const indexes = await surge.database.collection(name).listIndexes().toArray();
    const found = indexes.map(({ key, unique, expireAfterSeconds, partialFilterExpression }: Document) => ({
      keys: Object.keys(key as Document).join(),
      ...(unique === true && { unique }),
      ...(expireAfterSeconds !== undefined && { expireAfterSeconds: Number(expireAfterSeconds) }),
      ...(partialFilterExpression !== undefined && { partialFilterExpression }),
    }));
    // Servers list them in orders of their own.
    return found.toSorted((one, other) => (one.keys < other.keys ? -1 : 1));
  };

  test("creates every index, with its uniqueness and its time to live, once", async () => {
    await surge.member();
    await surge.member();
    const week = 7 * 24 * 60 * 60;
    const month = 30 * 24 * 60 * 60;
    expect(await indexesOf("processed_events")).toEqual([
      { keys: "_id" },
      { keys: "appliedAt", expireAfterSeconds: week },
      { keys: "topicId,partition,offset", unique: true },
    ]);
    expect(await indexesOf("demand_history")).toEqual([
      { keys: "_id" },
      { keys: "createdAt", expireAfterSeconds: month },
      { keys: "subLocationId,timestamp", unique: true },
    ]);
    expect(await indexesOf("ratesheets")).toEqual([
      { keys: "_id" },
      {
        keys: "surgeConfigId,effectiveFrom",
        unique: true,
        partialFilterExpression: { surgeConfigId: { $exists: true } },
      },
    ]);
    expect(await indexesOf("surge_configs")).toEqual([
      { keys: "_id" },
      { keys: "appliesTo.entityId,appliesTo.level" },
    ]);
    expect(await indexesOf("sublocations")).toEqual([{ keys: "_id" }, { keys: "locationId" }]);
  });

  test("to connect creates no index yet, and those that are created are told: that may take long", async () => {
    const told: string[] = [];
    const database = await SurgeDatabase.open({
      uri: surge.uri,
      log: (_level, message) => void told.push(message),
      processedEventsTtlDays: 7,
      cache: { max: 100, ttlMs: 1_000 },
    });
    try {
      // Not every server looks at a filter.
      const collections = await surge.database.listCollections().toArray();
      expect(collections.map(({ name }) => name)).not.toContain("processed_events");
      await database.createIndexes();
      expect(told).toContain('creating index "locationId_1" of collection "sublocations"');
      expect(await indexesOf("sublocations")).toHaveLength(2);
    } finally {
      await database.close();
    }
  });
});
