import { mapValues, stream, string, to, topic, topology } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { jsonSchema, memorySchemaRegistry } from "./index.ts";

interface Booking {
  readonly id: string;
}

test("a topology dead-letters what can't be read, as it came, and goes on", async () => {
  const bookings = topic("bookings", {
    key: string(),
    value: jsonSchema<Booking>({
      registry: memorySchemaRegistry(),
      schema: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
    }),
  });
  const ids = topic("ids", { key: string(), value: string() });
  const driver = new TestDriver(
    topology(
      "ids",
      stream(bookings).pipe(
        mapValues(({ id }) => id),
        to(ids),
      ),
    ),
    { deadLetterTopic: "dead" },
  );
  await driver.start();
  await bookings.value.start?.({ topic: "bookings", part: "value", use: "sink" });

  const bad = [
    Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), Buffer.from("{}")]),
    Buffer.from("garbage"),
    null,
  ];
  for (const bytes of bad) driver.pipeBytes("bookings", Buffer.from("k"), bytes, 1);
  driver.pipeInput(bookings, "k", { id: "a" }, 2);
  await driver.settle();

  expect(driver.readOutput(ids).map(({ value }) => value)).toEqual(["a"]);
  const letters = driver.produced.filter(({ topic: name }) => name === "dead");
  expect(letters.map(({ value }) => value)).toEqual(bad);
});
