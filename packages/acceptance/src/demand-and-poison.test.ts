import { schemaRegistry } from "@millrace/avro";
import { LogReader } from "@millrace/devstack";
import { noHeaders } from "@millrace/streams";
import { bookingEventsTopic } from "@millrace/venue";
import { expect, inject, test } from "vitest";
import { demoBookings } from "@millrace/demo";
import { ServiceProcess } from "./service-process.ts";
import { openVenue, until } from "./venue-client.ts";

const hour = 3_600_000;

test("poison goes to the dead-letter topic with its reason and coordinates, and the job goes on", async () => {
  const venue = await openVenue(inject("kafka"), inject("registry"), "poison", 1);
  const demand = new ServiceProcess("demand", { ...venue.environment, LOG_LEVEL: "warn" });
  try {
    const start = (Math.floor(Date.now() / hour) - 4) * hour;
    const [first] = demoBookings(start, 1, 3);
    if (first === undefined) throw new Error("there is no booking to send");
    await venue.publisher.publish(first);
    const producer = await venue.transport.createProducer({
      transactionTimeoutMs: 10_000,
      compression: "none",
    });
    await producer.prepareTopics([venue.bookingEvents]);
    const key = Buffer.from(first.subLocationId);
    const topic = bookingEventsTopic({
      registry: schemaRegistry({ url: inject("registry") }),
      name: venue.bookingEvents,
    });
    await topic.value.start?.({ topic: venue.bookingEvents, part: "value", use: "sink" });
    const good = topic.value.serialize(first);
    const poison: readonly (readonly [Uint8Array | null, Uint8Array | null])[] = [
      [key, Buffer.from("no avro at all")],
      [key, Buffer.from([0, 0x7f, 0xff, 0xff, 0xff, 1])],
      [key, Buffer.from([0, 0, 0])],
      [key, Buffer.alloc(0)],
      [key, null],
      [key, Buffer.alloc(900_000, 1)],
      [null, good],
      [Buffer.from("elsewhere"), good],
      [key, topic.value.serialize({ ...first, attendees: -1 })],
      [key, topic.value.serialize({ ...first, timestamp: Date.now() + 24 * hour })],
      [Buffer.alloc(0), topic.value.serialize({ ...first, subLocationId: "" })],
    ];
    for (const [k, v] of poison) producer.append(venue.bookingEvents, 0, k, v, start, noHeaders);
    await producer.flush();
    await producer.close();
    await venue.publisher.publish({ ...first, eventId: "after the poison", timestamp: first.timestamp + 1 });
    await until(
      () => venue.demand.some(({ bookingsCount }) => bookingsCount === 2),
      () => demand.output,
    );

    const reasons: string[] = [];
    const offsets: string[] = [];
    const topics = new Set<string>();
    const letters = new LogReader(venue.transport, {
      onRecord: (record) => {
        const headers = new Map(record.headers().map(([name, value]) => [name, String(value)]));
        reasons.push(headers.get("__streams.errors.exception") ?? "");
        offsets.push(headers.get("__streams.errors.offset") ?? "");
        topics.add(headers.get("__streams.errors.topic") ?? "");
      },
    });
    letters.add(venue.deadLetter, 0, 0);
    await until(
      () => reasons.length >= poison.length,
      () => reasons.join(),
    );
    await letters.close();
    expect([...topics]).toEqual([venue.bookingEvents]);
    expect(reasons).toEqual([
      "WRONG_MAGIC",
      "UNKNOWN_SCHEMA_ID",
      "TRUNCATED",
      "TRUNCATED",
      "NULL_PAYLOAD",
      "WRONG_MAGIC",
      "NULL_PAYLOAD",
      "KEY_MISMATCH",
      "NEGATIVE_ATTENDEES",
      "TOO_FAR_AHEAD",
      "EMPTY_SUB_LOCATION",
    ]);
    expect(offsets).toEqual(poison.map((_, n) => String(n + 1)));
  } finally {
    demand.kill("SIGTERM");
    expect(await demand.exit()).toBe(0);
    await venue.close();
  }
});
