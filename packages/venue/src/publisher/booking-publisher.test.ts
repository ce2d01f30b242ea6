import { memorySchemaRegistry } from "@millrace/avro";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FlakyKafka, flakyKafka } from "../../test/flaky-kafka.ts";
import type { Booking } from "../booking.ts";
import { createdEvent } from "../booking-changes.ts";
import type { BookingEvent } from "../schemas/booking-event.ts";
import { bookingEventsTopic } from "../topics.ts";
import type { BookingPublisher } from "./booking-publisher.ts";
import { createBookingPublisher } from "./create-booking-publisher.ts";
import type { DeliverySettings, DropReason } from "./delivery-settings.ts";

const start = Date.parse("2026-03-02T10:00:00Z");
const topic = "venue.booking.events";
const registry = memorySchemaRegistry();
let kafka: FlakyKafka;
let publisher: BookingPublisher;
let dropped: (readonly [eventId: string, reason: DropReason])[];

const booking = (id: string, change: Partial<Booking> = {}): Booking => ({
  id,
  subLocationId: "hall",
  eventName: "A booking",
  startDate: start,
  endDate: start,
  attendees: 10,
  ...change,
});
const event = (id: string, change: Partial<Booking> = {}): BookingEvent =>
  createdEvent(booking(id, change), Date.now());

const open = async (settings: DeliverySettings = {}): Promise<void> => {
  publisher = await createBookingPublisher({
    transport: kafka.transport,
    registry,
    onDropped: ({ eventId }, reason) => dropped.push([eventId, reason]),
    ...settings,
  });
};

const sent = (): readonly BookingEvent[] => {
  const { value } = bookingEventsTopic({ registry });
  return kafka.records.map((record) => value.deserialize(record.value, 0, record.value.length));
};
const sentIds = (): readonly string[] => sent().map(({ eventId }) => eventId);
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
/** An awaited delivery, looked at later. */
const watched = (delivery: Promise<void>): { outcome: unknown } => {
  const watch: { outcome: unknown } = { outcome: "waiting" };
  delivery.then(
    () => (watch.outcome = "sent"),
    (error: unknown) => (watch.outcome = error),
  );
  return watch;
};

beforeEach(async () => {
  vi.useFakeTimers({ now: start });
  kafka = flakyKafka(topic);
  dropped = [];
  await open();
});
afterEach(async () => {
  kafka.release();
  const closing = publisher.close({ timeoutMs: 0 });
  await pass(10_000);
  await closing;
  const timersLeft = vi.getTimerCount();
  vi.useRealTimers();
  if (timersLeft > 0) throw new Error(`${timersLeft} timers are left behind`);
});

test("sends what happens to a booking, keyed by sub-location, at its own time", async () => {
  publisher.bookingCreated(booking("b1"));
  await pass(1_000);
  publisher.bookingUpdated(booking("b1", { attendees: 15 }), booking("b1"));
  publisher.bookingDeleted(booking("b1", { attendees: 15 }));
  await pass(5);
  expect(sent()).toMatchObject([
    { action: "CREATED", attendees: 10, capacityDelta: 10, timestamp: start },
    { action: "UPDATED", attendees: 15, previousAttendees: 10, capacityDelta: 5, timestamp: start + 1_000 },
    { action: "DELETED", previousAttendees: 15, capacityDelta: -15, timestamp: start + 1_001 },
  ]);
  expect(kafka.records.map(({ key }) => key)).toEqual(["hall", "hall", "hall"]);
  expect(kafka.records.map(({ timestamp }) => timestamp)).toEqual([start, start + 1_000, start + 1_001]);
});

test("an event ahead of what the topic takes is sent all the same, with its own time in the payload", async () => {
  await open({ maxAheadMs: 4 * 3_600_000 });
  publisher.emit({ ...event("b1"), timestamp: start + 4 * 3_600_000 });
  await pass(5);
  expect(sent()).toMatchObject([{ eventId: "b1", timestamp: start + 4 * 3_600_000 }]);
  expect(kafka.records[0]?.timestamp).toBeLessThan(start + 3_600_000);
});

test("gathers what comes within a few milliseconds into one batch", async () => {
  for (let n = 0; n < 100; n++) publisher.emit(event(`b${n}`));
  await pass(5);
  expect(kafka.batches).toEqual([100]);
  publisher.emit(event("alone"));
  await pass(5);
  expect(kafka.batches).toEqual([100, 1]);
});

test("a flush does not wait for more", async () => {
  await open({ lingerMs: 60_000 });
  publisher.emit(event("b1"));
  await publisher.flush();
  expect(sentIds()).toEqual(["b1"]);
});

test("an awaited event resolves with Kafka's acknowledgement, not before", async () => {
  kafka.stuck = true;
  const delivery = watched(publisher.acknowledged.bookingCreated(booking("b1")));
  await pass(1_000);
  expect(delivery.outcome).toBe("waiting");
  kafka.release();
  await pass(0);
  expect(delivery.outcome).toBe("sent");
});

test("refuses an event that consumers would not believe at once, and sends nothing of it", async () => {
  const invalid = { name: "InvalidBookingError" };
  expect(() => publisher.bookingCreated(booking("b1", { attendees: -1 }))).toThrow(
    expect.objectContaining({ ...invalid, code: "NEGATIVE_ATTENDEES" }),
  );
  expect(() => publisher.emit({ ...event("b1"), timestamp: start + 300_001 })).toThrow(
    expect.objectContaining({ ...invalid, code: "TOO_FAR_AHEAD" }),
  );
  expect(() => publisher.bookingCreated(booking("b1", { attendees: 2.5 }))).toThrow(
    expect.objectContaining({ ...invalid, code: "NOT_ENCODABLE" }),
  );
  await expect(publisher.publish({ ...event("b1"), subLocationId: "" })).rejects.toMatchObject({
    ...invalid,
    code: "EMPTY_SUB_LOCATION",
  });
  await pass(1_000);
  expect(kafka.records).toEqual([]);
  expect(publisher.counters).toMatchObject({ invalid: 4, accepted: 0 });
});

test("what is sent is what was accepted, whatever becomes of the object", async () => {
  const mutable = { ...event("b1") };
  publisher.emit(mutable);
  mutable.attendees = -7;
  await pass(5);
  expect(sent()[0]?.attendees).toBe(10);
});

test("while Kafka is down emits wait, and arrive in order when it is back", async () => {
  kafka.down = true;
  for (let n = 0; n < 10; n++) {
    expect(publisher.emit(event(`b${n}`))).toBe(true);
    await pass(1_000);
  }
  expect(publisher.healthy).toBe(false);
  expect(publisher.lastError).toMatchObject({ kafkaError: "NETWORK" });
  expect(publisher.counters).toMatchObject({ accepted: 10, sent: 0, buffered: 10 });
  expect(publisher.counters.failures).toBeGreaterThan(3);
  kafka.down = false;
  await pass(5_000);
  expect(sentIds()).toEqual(Array.from({ length: 10 }, (_, n) => `b${n}`));
  expect(publisher.healthy).toBe(true);
  expect(publisher.counters).toMatchObject({ sent: 10, buffered: 0, bufferedBytes: 0 });
  expect(dropped).toEqual([]);
});

test("tries less and less often while Kafka is down, and not at all when it is up", async () => {
  kafka.down = true;
  publisher.emit(event("b1"));
  await pass(60_000);
  expect(publisher.counters.failures).toBeLessThan(25);
  kafka.down = false;
  await pass(5_000);
  const { failures } = publisher.counters;
  await pass(600_000);
  expect(publisher.counters.failures).toBe(failures);
});

test("an awaited event is given up at its deadline, and not sent later", async () => {
  kafka.down = true;
  const delivery = watched(publisher.publish(event("given up")));
  publisher.emit(event("waits"));
  await pass(9_999);
  expect(delivery.outcome).toBe("waiting");
  await pass(1);
  expect(delivery.outcome).toMatchObject({
    name: "PublishError",
    code: "DELIVERY_TIMEOUT",
    whereabouts: "maybeSent",
    cause: { kafkaError: "NETWORK" },
  });
  kafka.down = false;
  await pass(5_000);
  expect(sentIds()).toEqual(["waits"]);
  expect(publisher.counters).toMatchObject({ expired: 1, sent: 1, buffered: 0 });
});

test("a deadline that passes before anything went on the wire says so", async () => {
  kafka.stuck = true;
  publisher.emit(event("on the wire"));
  await pass(5);
  const delivery = watched(publisher.publish(event("behind it")));
  await pass(10_000);
  expect(delivery.outcome).toMatchObject({ code: "DELIVERY_TIMEOUT", whereabouts: "unsent" });
});

test("is healthy again when Kafka is, though nothing waits any more", async () => {
  kafka.down = true;
  const delivery = watched(publisher.publish(event("b1")));
  await pass(11_000);
  expect(delivery.outcome).toMatchObject({ code: "DELIVERY_TIMEOUT" });
  expect(publisher.healthy).toBe(false);
  kafka.down = false;
  await pass(5_000);
  expect(publisher.healthy).toBe(true);
});

test("a broker that takes its time is unhealthy before anything fails", async () => {
  kafka.stuck = true;
  publisher.emit(event("b1"));
  await pass(4_999);
  expect(publisher.healthy).toBe(true);
  await pass(1);
  expect(publisher.healthy).toBe(false);
  kafka.release();
  await pass(0);
  expect(publisher.healthy).toBe(true);
});

test("sends again what was not acknowledged: twice rather than not at all, each copy in order", async () => {
  kafka.loseAnswers = 1;
  for (const id of ["b1", "b2", "b3"]) publisher.emit(event(id));
  await pass(1_000);
  expect(sentIds()).toEqual(["b1", "b2", "b3", "b1", "b2", "b3"]);
  const [first, , , again] = sent();
  expect(again).toEqual(first);
  expect(publisher.counters).toMatchObject({ sent: 3, failures: 1 });
  expect(kafka.producersOpened).toBe(2);
});

test("a full buffer takes no more, and says of what it did not take", async () => {
  await open({ maxBufferedRecords: 3 });
  kafka.down = true;
  expect(["b1", "b2", "b3", "b4"].map((id) => publisher.emit(event(id)))).toEqual([true, true, true, false]);
  expect(dropped).toEqual([["b4", "BUFFER_FULL"]]);
  await expect(publisher.publish(event("b5"))).rejects.toMatchObject({
    code: "BUFFER_FULL",
    retriable: true,
    whereabouts: "unsent",
  });
  expect(publisher.counters).toMatchObject({ accepted: 3, dropped: 2, buffered: 3 });
  kafka.down = false;
  await pass(5_000);
  expect(publisher.emit(event("b6"))).toBe(true);
  await pass(5);
  expect(sentIds()).toEqual(["b1", "b2", "b3", "b6"]);
});

test("the buffer is bounded in bytes too, and what is on the wire counts", async () => {
  await open({ maxBufferedBytes: 250 });
  kafka.stuck = true;
  expect(publisher.emit(event("b1", { eventName: "x".repeat(150) }))).toBe(true);
  await pass(10);
  const { bufferedBytes } = publisher.counters;
  expect(publisher.emit(event("b2", { eventName: "x".repeat(150) }))).toBe(false);
  expect(publisher.emit(event("b3"))).toBe(true);
  kafka.release();
  await pass(10);
  expect(sentIds()).toEqual(["b1", "b3"]);
  expect(bufferedBytes).toBe("hall".length + (kafka.records[0]?.value.length ?? 0));
});

test("a booking that moves is accepted as a whole or not at all", async () => {
  await open({ maxBufferedRecords: 2 });
  kafka.down = true;
  publisher.emit(event("b1"));
  const moved = publisher.bookingUpdated(booking("b2", { subLocationId: "garden" }), booking("b2"));
  expect(moved).toBe(false);
  expect(dropped).toEqual([
    ["b2", "BUFFER_FULL"],
    ["b2", "BUFFER_FULL"],
  ]);
  expect(publisher.counters.buffered).toBe(1);
});

test("onDropped that throws breaks nothing", async () => {
  await open({
    maxBufferedRecords: 0,
    onDropped: () => {
      throw new Error("the disk is full too");
    },
  });
  expect(publisher.emit(event("b1"))).toBe(false);
});

test("an event too large for the topic does not hold up the others", async () => {
  const large = watched(publisher.publish(event("large", { eventName: "x".repeat(200_000) })));
  publisher.emit(event("b1"));
  publisher.emit(event("large too", { eventName: "x".repeat(200_000) }));
  publisher.emit(event("b2"));
  await pass(5);
  expect(sentIds()).toEqual(["b1", "b2"]);
  expect(large.outcome).toMatchObject({
    code: "REFUSED",
    whereabouts: "unsent",
    cause: { kafkaError: "MESSAGE_TOO_LARGE" },
  });
  expect(dropped).toEqual([["large too", "REFUSED"]]);
});

test("an event that the broker will never take does not hold up the others", async () => {
  kafka.refusedKey = { key: "cellar", kafkaError: "INVALID_TIMESTAMP", rank: "record" };
  for (const id of ["b1", "b2"]) publisher.emit(event(id));
  publisher.emit(event("bad", { subLocationId: "cellar" }));
  const good = watched(publisher.publish(event("b3")));
  await pass(2_000);
  expect(sentIds()).toEqual(["b1", "b2", "b3"]);
  expect(good.outcome).toBe("sent");
  expect(dropped).toEqual([["bad", "REFUSED"]]);
  publisher.emit(event("b4"));
  publisher.emit(event("b5"));
  await pass(5);
  expect(kafka.batches.at(-1)).toBe(2);
});

test("where waiting does not help, awaited events fail at once and emits wait for somebody to mend it", async () => {
  kafka.refusedKey = { key: "hall", kafkaError: "TOPIC_AUTHORIZATION_FAILED", rank: "fatal" };
  const delivery = watched(publisher.publish(event("b1")));
  publisher.emit(event("b2"));
  await pass(10);
  expect(delivery.outcome).toMatchObject({ code: "REFUSED", retriable: false });
  expect(publisher.counters.buffered).toBe(1);
  kafka.refusedKey = undefined;
  await pass(5_000);
  expect(sentIds()).toEqual(["b2"]);
});

test("a broker that has forgotten the producer is given the same events by a new one", async () => {
  kafka.refusedKey = { key: "hall", kafkaError: "OUT_OF_ORDER_SEQUENCE_NUMBER", rank: "void" };
  const delivery = watched(publisher.publish(event("b1")));
  await pass(10);
  expect(delivery.outcome).toBe("waiting");
  kafka.refusedKey = undefined;
  await pass(100);
  expect(delivery.outcome).toBe("sent");
});

test("an awaited call rejects where the other throws", async () => {
  const [before, after] = [booking("b1"), booking("b2")];
  const different = expect.objectContaining({ code: "DIFFERENT_BOOKING" });
  expect(() => publisher.bookingUpdated(after, before)).toThrow(different);
  await expect(publisher.acknowledged.bookingUpdated(after, before)).rejects.toEqual(different);
});

test("closing sends what waits, and then takes no more", async () => {
  publisher.emit(event("b1"));
  const report = await publisher.close();
  expect(report).toEqual({ unsent: [], uncertain: [] });
  expect(sentIds()).toEqual(["b1"]);
  expect(publisher.emit(event("b2"))).toBe(false);
  expect(dropped).toEqual([["b2", "CLOSED"]]);
  await expect(publisher.publish(event("b3"))).rejects.toMatchObject({ code: "CLOSED" });
});

test("closing in time reports what could not be sent, and whether it may have arrived", async () => {
  kafka.stuck = true;
  publisher.emit(event("on the wire"));
  await pass(5);
  publisher.emit(event("waiting"));
  const delivery = watched(publisher.publish(event("awaited")));
  const closing = publisher.close({ timeoutMs: 3_000 });
  await pass(3_000);
  const report = await closing;
  expect(report.uncertain.map(({ eventId }) => eventId)).toEqual(["on the wire"]);
  expect(report.unsent.map(({ eventId }) => eventId)).toEqual(["waiting", "awaited"]);
  expect(delivery.outcome).toMatchObject({ code: "CLOSED", whereabouts: "unsent" });
  expect(publisher.counters).toMatchObject({ accepted: 3, unsent: 3, buffered: 0 });
  expect(await publisher.close()).toBe(report);
});

test("closing while Kafka is down ends in time", async () => {
  kafka.down = true;
  publisher.emit(event("b1"));
  await pass(20_000);
  const closing = publisher.close({ timeoutMs: 1_000 });
  await pass(1_000);
  expect((await closing).uncertain).toHaveLength(1);
});

test("a topic that is missing at start is said with the line that creates it", async () => {
  kafka.topicExists = false;
  await expect(open()).rejects.toMatchObject({
    code: "MISSING_TOPIC",
    message: expect.stringContaining("--create --topic venue.booking.events"),
  });
});

test("settings that can't work are refused by name", async () => {
  await expect(open({ maxBackOffMs: Number.NaN })).rejects.toMatchObject({
    code: "CONFIG",
    message: "maxBackOffMs is NaN; it must be 0 or more",
  });
});
