import { MongoClient } from "mongodb";
import { expect, test } from "vitest";
import { answeringMongo } from "./answering-mongo.ts";

test("says of all that is written that it was, also in transactions, and finds what it was given", async () => {
  // The driver takes every `_id` for an ObjectId unless told.
  const id = "c" as never;
  const config = { _id: id, appliesTo: { level: "LOCATION", entityId: "x" } };
  const server = await answeringMongo({ surge_configs: [config, { ...config, _id: "d", appliesTo: {} }] });
  const client = new MongoClient(`mongodb://127.0.0.1:${server.port}/any?directConnection=true`);
  try {
    const configs = client.db().collection("surge_configs");
    const filter = {
      isActive: true,
      "appliesTo.level": "LOCATION",
      "appliesTo.entityId": { $in: ["x", "y"] },
    };
    expect(await configs.find(filter).toArray()).toEqual([config]);
    const session = client.startSession();
    const update = { updateOne: { filter: { _id: id }, update: { $set: { a: 1 } } } };
    await session.withTransaction(async () => {
      expect((await configs.bulkWrite([update, update, update], { session })).modifiedCount).toBe(3);
      await client.db().collection("processed_events").insertMany([{}, {}], { session });
    });
    await session.endSession();
    expect(server.answered.written).toEqual({ surge_configs: 3, processed_events: 2 });
  } finally {
    await client.close();
    server.close();
  }
});
