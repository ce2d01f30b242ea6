import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { TestDriver } from "@millrace/streams/testing";
import { expect, inject, test } from "vitest";
import { orders, turnover } from "../test/turnover.ts";
import { connectMongo } from "./connect-mongo.ts";
import { ensureIndexes } from "./ensure-indexes.ts";
import { MongoSink } from "./mongo-sink.ts";
import { processedEvents, processedEventsIndexes } from "./processed-events.ts";

const file = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), "utf8");

test("the README's example is the one that is compiled and run here", async () => {
  const [readme, example] = await Promise.all([file("../README.md"), file("../test/turnover.ts")]);
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\`\n`);
});

test("the README's example adds up every order", async ({ skip }) => {
  const server = inject("mongo");
  skip(server === "", "there is no MongoDB");
  const url = new URL(server);
  url.pathname = `/turnover-${randomUUID().slice(0, 8)}`;
  const mongo = await connectMongo(url.href);
  try {
    await ensureIndexes(mongo.database.collection(processedEvents), processedEventsIndexes());
    const driver = new TestDriver(turnover(new MongoSink(mongo)));
    await driver.start();
    for (const [index, customer] of ["ann", "bob", "ann", "ann"].entries())
      driver.pipeInput(orders, customer, { customer, total: 10 + index }, index);
    await driver.settle();
    const customers = await mongo.database.collection("customers").find().sort({ name: 1 }).toArray();
    expect(customers).toMatchObject([
      { name: "ann", turnover: 35 },
      { name: "bob", turnover: 11 },
    ]);
    expect(await mongo.database.collection(processedEvents).countDocuments()).toBe(4);
  } finally {
    await mongo.database.dropDatabase();
    await mongo.close();
  }
});
