import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { schemaRegistry } from "@millrace/avro";
import { hasJvm, freePorts, kafkaOnJvm } from "@millrace/devstack";
import { kafka, type Transport } from "@millrace/streams";
import { afterEach, expect, inject, test } from "vitest";
import { type TcpProxy, tcpProxy } from "../../../mongo/test/tcp-proxy.ts";
import { readBookings } from "../../test/read-bookings.ts";
import type { Booking } from "../booking.ts";
import { bookingClient } from "../booking-client.ts";
import { createBookingPublisher } from "./create-booking-publisher.ts";

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const booking = (n: number, hall = "hall"): Booking => ({
  id: `${hall}-${n}`,
  subLocationId: hall,
  eventName: `Booking ${n}`,
  startDate: Date.now(),
  endDate: Date.now(),
  attendees: n,
});

const connect = async (broker: string): Promise<Transport> => {
  const transport = kafka({ brokers: [broker] });
  await transport.connect();
  closers.push(() => transport.close());
  return transport;
};

const newTopic = async (transport: Transport, partitions: number): Promise<string> => {
  const topic = `bookings-${randomUUID()}`;
  await transport.createTopics([{ topic, partitions, configs: { "retention.ms": "-1" } }]);
  return topic;
};

test("what the client is told of arrives, typed and in the order of its sub-location", async () => {
  const topic = await newTopic(await connect(inject("kafka")), 4);
  const client = bookingClient({
    kafka: { brokers: [inject("kafka")] },
    registry: { url: inject("registry") },
    topic,
  });
  const halls = ["north", "south", "east", "west", "attic"];
  for (let n = 0; n < 200; n++)
    for (const hall of halls) expect(client.bookingCreated(booking(n, hall))).toBe(true);
  await client.acknowledged.bookingUpdated({ ...booking(7, "north"), attendees: 9 }, booking(7, "north"));
  expect(await client.close()).toEqual({ unsent: [], uncertain: [] });

  const events = await readBookings(
    await connect(inject("kafka")),
    schemaRegistry({ url: inject("registry") }),
    topic,
  );
  expect(events).toHaveLength(1_001);
  for (const hall of halls)
    expect(
      events.filter(({ subLocationId, action }) => subLocationId === hall && action === "CREATED"),
    ).toMatchObject(Array.from({ length: 200 }, (_, n) => ({ eventId: `${hall}-${n}`, capacityDelta: n })));
  expect(events.findLast(({ subLocationId }) => subLocationId === "north")).toMatchObject({
    action: "UPDATED",
    previousAttendees: 7,
    capacityDelta: 2,
  });
});

test("an event that is older than its topic takes arrives in its place, with its own time", async () => {
  const transport = await connect(inject("kafka"));
  const topic = `bookings-${randomUUID()}`;
  const configs = { "retention.ms": "-1", "message.timestamp.before.max.ms": "3600000" };
  await transport.createTopics([{ topic, partitions: 1, configs }]);
  const registry = schemaRegistry({ url: inject("registry") });
  const dropped: string[] = [];
  const publisher = await createBookingPublisher({
    transport,
    registry,
    topic,
    onDropped: ({ eventId }) => dropped.push(eventId),
  });
  const timestamp = Date.now() - 7_200_000;
  publisher.bookingCreated(booking(1));
  publisher.emit({
    eventId: "old",
    action: "DELETED",
    timestamp,
    subLocationId: "hall",
    locationId: null,
    eventName: "",
    startDate: 0,
    endDate: 0,
    attendees: null,
    capacityDelta: null,
    previousAttendees: null,
  });
  await publisher.acknowledged.bookingCreated(booking(2));
  await publisher.close();
  expect(dropped).toEqual([]);
  const arrived = await readBookings(transport, registry, topic);
  expect(arrived.map(({ eventId }) => eventId)).toEqual(["hall-1", "old", "hall-2"]);
  expect(arrived[1]?.timestamp).toBe(timestamp);
});

/** A broker that is only to be reached through something that can be cut: it advertises that, not itself. */
const brokerBehindProxy = async (): Promise<TcpProxy> => {
  const [port = 0] = await freePorts(1);
  const broker = await kafkaOnJvm({}, { "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}` });
  closers.push(() => broker.stop());
  const proxy = await tcpProxy("127.0.0.1", Number(broker.address.split(":")[1]), port);
  closers.push(() => proxy.close());
  return proxy;
};

test.skipIf(!(await hasJvm()))("an outage of two seconds loses nothing and keeps the order", async () => {
  const proxy = await brokerBehindProxy();
  const address = `127.0.0.1:${proxy.port}`;
  const transport = await connect(address);
  const topic = await newTopic(transport, 2);
  const registry = schemaRegistry({ url: inject("registry") });
  const publisher = await createBookingPublisher({ transport, registry, topic, unhealthyAfterMs: 500 });
  let sent = 0;
  const sendFor = async (ms: number): Promise<void> => {
    for (const end = Date.now() + ms; Date.now() < end; await sleep(5))
      expect(publisher.bookingCreated(booking(sent++))).toBe(true);
  };
  await sendFor(500);
  proxy.cut();
  await sendFor(2_000);
  expect(publisher.healthy).toBe(false);
  proxy.mend();
  await sendFor(500);
  await publisher.acknowledged.bookingDeleted(booking(0));
  expect(publisher.healthy).toBe(true);
  expect(publisher.counters).toMatchObject({ accepted: sent + 1, sent: sent + 1, dropped: 0, buffered: 0 });
  await publisher.close();

  const events = await readBookings(transport, registry, topic);
  // Kafka knows an idempotent producer's repetitions: in an outage shorter than its patience there are no copies.
  expect(events.map(({ eventId }) => eventId)).toEqual([
    ...Array.from({ length: sent }, (_, n) => `hall-${n}`),
    "hall-0",
  ]);
});

test.skipIf(!(await hasJvm()))(
  "a broker that is away at start and at the end breaks no booking",
  async () => {
    const proxy = await brokerBehindProxy();
    const address = `127.0.0.1:${proxy.port}`;
    const topic = await newTopic(await connect(address), 2);
    proxy.cut();
    const client = bookingClient({
      kafka: { brokers: [address], connectTimeoutMs: 500 },
      registry: { url: inject("registry") },
      topic,
      // The booking after the outage has that long to find the broker again.
      publishTimeoutMs: 5_000,
      maxBackOffMs: 500,
    });
    expect(client.bookingCreated(booking(1))).toBe(true);
    await expect(client.acknowledged.bookingCreated(booking(2))).rejects.toMatchObject({
      code: "DELIVERY_TIMEOUT",
      whereabouts: "unsent",
    });
    proxy.mend();
    await client.acknowledged.bookingCreated(booking(3));
    proxy.cut();
    expect(client.bookingCreated(booking(4))).toBe(true);
    const closing = Date.now();
    const { unsent, uncertain } = await client.close({ timeoutMs: 1_000 });
    expect(Date.now() - closing).toBeLessThan(10_000);
    expect([...unsent, ...uncertain]).toMatchObject([{ eventId: "hall-4" }]);
    proxy.mend();
    const events = await readBookings(
      await connect(address),
      schemaRegistry({ url: inject("registry") }),
      topic,
    );
    expect(events.map(({ eventId }) => eventId)).toEqual(["hall-1", "hall-3"]);
  },
);
