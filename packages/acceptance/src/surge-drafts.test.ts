import { type Document, MongoClient, ObjectId } from "mongodb";
import { freePorts } from "@millrace/devstack";
import { noHeaders, partitionForKey } from "@millrace/streams";
import type { DemandHourly } from "@millrace/venue";
import { expect, inject, test } from "vitest";
import { serviceMetric } from "./service-metrics.ts";
import { ServiceProcess } from "./service-process.ts";
import { mongoUriOf } from "./mongo-uri.ts";
import { openVenue, until, type VenueClient } from "./venue-client.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 10, 20, 22);

const metric = (subLocationId: string, more: Partial<DemandHourly>): DemandHourly => ({
  subLocationId,
  locationId: null,
  hour: start,
  bookingsCount: 15,
  totalAttendees: 30,
  availableCapacity: 100,
  capacityUtilization: 30,
  demandPressure: 15,
  historicalAvgPressure: 1.2,
  historySamples: 4,
  pressureDelta: 13.8,
  final: false,
  timestamp: start + hour / 2,
  ...more,
});

const send = async (venue: VenueClient, metrics: readonly DemandHourly[]): Promise<void> => {
  const { transport, demandTopic } = venue;
  const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
  await producer.prepareTopics([demandTopic.name]);
  for (const value of metrics) {
    const key = Buffer.from(value.subLocationId);
    const bytes = demandTopic.value.serialize(value);
    producer.append(demandTopic.name, partitionForKey(key, 2), key, bytes, value.timestamp, noHeaders);
  }
  await producer.flush();
  await producer.close();
};

const config = (level: string, entityId: unknown, more: Document = {}): Document => ({
  name: `for ${String(entityId)}`,
  isActive: true,
  appliesTo: { level, entityId },
  effectiveFrom: null,
  effectiveTo: null,
  timeWindows: [],
  priority: 5,
  demandSupplyParams: { currentSupply: 10 },
  surgeParams: { alpha: 0.3, minMultiplier: 0.75, maxMultiplier: 1.8, emaAlpha: 0.3 },
  ...more,
});

test("demand becomes params, drafts and history; people's decisions stay; a replay changes nothing", async (context) => {
  if (inject("mongo") === "") context.skip("there is no MongoDB");
  const venue = await openVenue(inject("kafka"), inject("registry"), "surge", 2);
  const client = await new MongoClient(inject("mongo")).connect();
  const database = client.db(`surge-${Date.now()}`);
  const configs = database.collection("surge_configs");
  const ratesheets = database.collection("ratesheets");
  const hallId = new ObjectId();
  await database.collection("sublocations").insertMany([
    { _id: "studio" as never, capacity: 100, locationId: "north" },
    { _id: "court" as never, capacity: 300, locationId: "north" },
    { _id: hallId, capacity: 50 },
  ]);
  await configs.insertMany([
    config("SUBLOCATION", "studio", {
      name: "seed",
      demandSupplyParams: { currentSupply: 10, historicalAvgPressure: 9 },
    }),
    config("SUBLOCATION", "studio", { name: "no supply", demandSupplyParams: { currentSupply: 0 } }),
    config("SUBLOCATION", hallId, { name: "hall" }),
    config("LOCATION", "north", {
      name: "north",
      demandSupplyParams: { currentSupply: 20, historicalAvgPressure: 5 },
    }),
    config("SUBLOCATION", "studio", { name: "inactive", isActive: false }),
  ]);
  const environment = {
    ...venue.environment,
    KAFKA_GROUP_ID_UPDATER: `surge-${Date.now()}`,
    MONGODB_URI: mongoUriOf(inject("mongo"), database.databaseName),
  };
  let surge = new ServiceProcess("surge", environment);
  const idOf = async (name: string): Promise<unknown> => (await configs.findOne({ name }))?.["_id"];
  const draftOf = async (name: string): Promise<Document | null> =>
    ratesheets.findOne({ surgeConfigId: await idOf(name) });
  const checksum = async (): Promise<string> => {
    const collections = ["surge_configs", "ratesheets", "demand_history", "processed_events"];
    const all = await Promise.all(
      collections.map((name) => database.collection(name).find().sort({ _id: 1 }).toArray()),
    );
    return JSON.stringify(all);
  };
  try {
    await send(venue, [
      metric("studio", {}),
      metric("court", { bookingsCount: 5, availableCapacity: 300, demandPressure: 5 / 3 }),
      metric(hallId.toHexString(), { historicalAvgPressure: null, historySamples: 0 }),
      metric("nowhere", { availableCapacity: 0, demandPressure: 0 }),
    ]);
    await until(
      async () =>
        (await draftOf("seed")) !== null && (await draftOf("north"))?.["demandSupplySnapshot"].demand === 20,
      () => surge.output,
    );
    const seed = await draftOf("seed");
    // 1 + 0.3 ln(15 / 1.2); from 23:00Z into the next day.
    expect(seed?.["surgeMultiplierSnapshot"]).toBeCloseTo(1.7577, 4);
    expect(seed).toMatchObject({
      type: "SURGE_MULTIPLIER",
      approvalStatus: "DRAFT",
      isActive: true,
      appliesTo: { level: "SUBLOCATION", entityId: "studio" },
      priority: 10_005,
      conflictResolution: "PRIORITY",
      effectiveFrom: new Date(start + hour),
      effectiveTo: new Date(start + 2 * hour),
      demandSupplySnapshot: { demand: 15, supply: 10, pressure: 15, historicalAvgPressure: 1.2 },
    });
    expect((await configs.findOne({ name: "seed" }))?.["demandSupplyParams"]).toMatchObject({
      currentDemand: 15,
      currentSupply: 10,
      historicalAvgPressure: 1.2,
      manualHistoricalAvgPressure: 9,
    });
    // 20 bookings over 400: pressure 5, as the operator's baseline, so 1.
    expect(await draftOf("north")).toMatchObject({
      surgeMultiplierSnapshot: 1,
      demandSupplySnapshot: { demand: 20, supply: 20, pressure: 5, historicalAvgPressure: 5 },
    });
    expect(await draftOf("no supply")).toBeNull();
    expect((await configs.findOne({ name: "no supply" }))?.["demandSupplyParams"]).toEqual({
      currentSupply: 0,
    });
    // Neither history nor a baseline of its own: params without a draft.
    await until(
      async () => (await configs.findOne({ name: "hall" }))?.["demandSupplyParams"].currentDemand === 15,
      () => surge.output,
    );
    expect(await draftOf("hall")).toBeNull();
    expect(await database.collection("demand_history").countDocuments()).toBe(0);

    // A revision replaces a draft, the final makes history; an older metric does nothing.
    await send(venue, [
      metric("studio", { bookingsCount: 2, demandPressure: 2, timestamp: start + hour, final: true }),
      metric("studio", { bookingsCount: 99, demandPressure: 99, timestamp: start }),
    ]);
    await until(
      async () => (await draftOf("seed"))?.["demandSupplySnapshot"].demand === 2,
      () => surge.output,
    );
    await until(
      async () =>
        (await database.collection("processed_events").countDocuments({ partition: { $gte: 0 } })) === 6,
      () => surge.output,
    );
    expect((await draftOf("seed"))?.["demandSupplySnapshot"].demand).toBe(2);
    expect(await database.collection("demand_history").find().toArray()).toMatchObject([
      {
        subLocationId: "studio",
        dayOfWeek: 5,
        hour: 22,
        bookingsCount: 2,
        demandPressure: 2,
        timestamp: new Date(start),
      },
    ]);

    // What a person did stays.
    await ratesheets.updateOne(
      { surgeConfigId: await idOf("seed") },
      { $set: { approvalStatus: "APPROVED" } },
    );
    await ratesheets.updateOne(
      { surgeConfigId: await idOf("north") },
      { $set: { surgeMultiplierSnapshot: 1.5 } },
    );
    await send(venue, [metric("studio", { bookingsCount: 7, timestamp: start + 2 * hour, final: true })]);
    await until(
      async () =>
        (await configs.findOne({ name: "seed" }))?.["demandSupplyParams"].currentDemand === 7 &&
        (await configs.findOne({ name: "north" }))?.["demandSupplyParams"].currentDemand === 12,
      () => surge.output,
    );
    expect((await draftOf("seed"))?.["demandSupplySnapshot"].demand).toBe(2);
    expect((await draftOf("north"))?.["surgeMultiplierSnapshot"]).toBe(1.5);

    // From offset 0, as another application.
    surge.kill("SIGTERM");
    expect(await surge.exit(), surge.output).toBe(0);
    await ratesheets.deleteMany({ surgeConfigId: await idOf("north") });
    const before = await checksum();
    const [port = 0] = await freePorts(1);
    surge = new ServiceProcess("surge", {
      ...environment,
      KAFKA_GROUP_ID_UPDATER: `again-${Date.now()}`,
      HTTP_PORT: String(port),
    });
    await until(
      // 7 metrics by themselves, and what they made of their location.
      async () => ((await serviceMetric(port, "surge_repeated_total")) ?? 0) >= 8,
      () => surge.output,
    );
    expect(await checksum()).toBe(before);
  } finally {
    surge.kill("SIGKILL");
    await client.close();
    await venue.close();
  }
});
