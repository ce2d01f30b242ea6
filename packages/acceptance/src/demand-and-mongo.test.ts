import { MongoClient, ObjectId } from "mongodb";
import { expect, inject, test } from "vitest";
import type { BookingEvent } from "@millrace/venue";
import { mongoUriOf } from "./mongo-uri.ts";
import { ServiceProcess } from "./service-process.ts";
import { openVenue, until } from "./venue-client.ts";

const hour = 3_600_000;

interface SubLocation {
  readonly _id: string | ObjectId;
  readonly capacity: number;
  readonly locationId?: string | ObjectId;
}

const booking = (subLocationId: string, eventId: string, timestamp: number): BookingEvent => ({
  eventId,
  action: "CREATED",
  timestamp,
  subLocationId,
  locationId: null,
  eventName: "Concert",
  startDate: timestamp,
  endDate: timestamp + hour,
  attendees: 10,
  capacityDelta: null,
  previousAttendees: null,
});

test("capacities come from MongoDB, and imported history counts until there is a final of our own", async (context) => {
  if (inject("mongo") === "") context.skip("there is no MongoDB");
  const venue = await openVenue(inject("kafka"), inject("registry"), "mongo", 2);
  const client = await new MongoClient(inject("mongo")).connect();
  const database = client.db(`demand-${Date.now()}`);
  const hall = new ObjectId();
  await database.collection<SubLocation>("sublocations").insertMany([
    { _id: "studio", capacity: 200, locationId: "north" },
    { _id: hall, capacity: 50, locationId: new ObjectId("65a1111111111111111111aa") },
    { _id: "closed", capacity: 0 },
  ]);
  const start = (Math.floor(Date.now() / hour) - 3) * hour;
  const history = database.collection("demand_history");
  await history.insertMany([
    { subLocationId: "studio", timestamp: new Date(start - 168 * hour), demandPressure: 4 },
    { subLocationId: hall, timestamp: new Date(start - 168 * hour), demandPressure: 6, dayOfWeek: 99 },
    // Our own final of this hour is to beat it.
    { subLocationId: "studio", timestamp: new Date(start), demandPressure: 1_000 },
    { subLocationId: "studio", timestamp: "yesterday", demandPressure: 1 },
  ]);
  const environment = {
    ...venue.environment,
    MONGODB_URI: mongoUriOf(inject("mongo"), database.databaseName),
  };
  const importing = async (): Promise<string> => {
    const process = new ServiceProcess("demand", environment, ["import-history"]);
    expect(await process.exit(), process.output).toBe(0);
    return process.output;
  };
  expect(await importing()).toContain("imported 3 hours; 0 were there already");
  expect(await importing()).toContain("imported 0 hours; 3 were there already");
  let demand = new ServiceProcess("demand", environment);
  try {
    for (const [id, n] of [
      ["studio", 4],
      [hall.toHexString(), 1],
      ["closed", 1],
      ["elsewhere", 2],
    ] as const)
      for (let i = 0; i < n; i++) await venue.publisher.publish(booking(id, `${id}-${i}`, start + i));
    const finals = () => venue.demand.filter(({ final }) => final);
    await until(
      () => finals().length === 4,
      () => demand.output,
    );
    const seen = new Map(finals().map((record) => [record.subLocationId, record]));
    expect(seen.get("studio")).toMatchObject({
      availableCapacity: 200,
      locationId: "north",
      demandPressure: 2,
      historicalAvgPressure: 4,
      historySamples: 1,
      pressureDelta: -2,
    });
    expect(seen.get(hall.toHexString())).toMatchObject({
      availableCapacity: 50,
      locationId: "65a1111111111111111111aa",
      demandPressure: 2,
      historicalAvgPressure: 6,
    });
    // 0 means unknown, whatever the default; the default is for what is not there.
    expect(seen.get("closed")).toMatchObject({ availableCapacity: 0, demandPressure: 0 });
    expect(seen.get("elsewhere")).toMatchObject({ availableCapacity: 100, demandPressure: 2 });

    const refused = new ServiceProcess("demand", environment, ["import-history"]);
    expect(await refused.exit()).toBe(1);
    expect(refused.output).toMatch(/is running: stop all its members first/);
    demand.kill("SIGTERM");
    expect(await demand.exit(), demand.output).toBe(0);
    expect(await importing()).toContain("imported 0 hours; 3 were there already");
    demand = new ServiceProcess("demand", environment);
  } finally {
    demand.kill("SIGKILL");
    await client.close();
    await venue.close();
  }
});
