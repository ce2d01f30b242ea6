import { mapValues, stream, string, to, topic, topology } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { expect, test } from "vitest";
import { avro, memorySchemaRegistry } from "./index.ts";

interface Booking {
  readonly id: string;
}

test("a topology dead-letters what can't be read, as it came, and goes on", async () => {
  const bookings = topic("bookings", {
    key: string(),
    value: avro<Booking>({
      registry: memorySchemaRegistry(),
      schema: { type: "record", name: "Booking", fields: [{ name: "id", type: "string" }] },
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

  const bad = [Buffer.from("000000000108616263", "hex"), Buffer.from("garbage"), null];
  for (const bytes of bad) driver.pipeBytes("bookings", Buffer.from("k"), bytes, 1);
  driver.pipeInput(bookings, "k", { id: "a" }, 2);
  await driver.settle();

  expect(driver.readOutput(ids).map(({ value }) => value)).toEqual(["a"]);
  const letters = driver.produced.filter(({ topic: name }) => name === "dead");
  expect(letters.map(({ value }) => value)).toEqual(bad);
});
