import { memorySchemaRegistry } from "@millrace/avro";
import { hours, minutes } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { type Booking, bookingEventsTopic, createdEvent, deletedEvent } from "@millrace/venue";
import { beforeEach, expect, test } from "vitest";
import {
  type Cancellations,
  cancellations,
  cancellationsPerHour,
} from "../cancellations-per-hour/cancellations-per-hour.ts";

const ten = Date.parse("2026-03-02T10:00:00Z");
const bookings = bookingEventsTopic({ registry: memorySchemaRegistry() });
let driver: TestDriver;

beforeEach(async () => {
  driver = new TestDriver(cancellationsPerHour(bookings), { startTime: ten, lateTopic: "late" });
  await driver.start();
});

const booking = (id: string, subLocationId: string): Booking => ({
  id,
  subLocationId,
  eventName: "A booking",
  startDate: ten,
  endDate: ten,
});
const create = (id: string, hall: string, at: number): void =>
  driver.pipeInput(bookings, hall, createdEvent(booking(id, hall), at), at);
const cancel = (id: string, hall: string, at: number): void =>
  driver.pipeInput(bookings, hall, deletedEvent(booking(id, hall), at), at);
const output = (): readonly Cancellations[] => driver.readOutput(cancellations).map(({ value }) => value);

const tenOClock = "2026-03-02T10:00:00.000Z";

test("says once per hour and sub-location how many bookings were cancelled", () => {
  create("b1", "north", ten);
  cancel("b1", "north", ten + minutes(1));
  cancel("b2", "south", ten + minutes(2));
  cancel("b3", "south", ten + minutes(59));
  expect(output(), "while the hour is open").toEqual([]);
  create("b4", "east", ten + hours(1) + minutes(5));
  expect(output()).toEqual([
    { subLocationId: "north", hour: tenOClock, cancellations: 1 },
    { subLocationId: "south", hour: tenOClock, cancellations: 2 },
  ]);
});

test("counts a cancellation once, however often it is delivered", () => {
  for (let n = 0; n < 3; n++) cancel("b1", "north", ten);
  create("b2", "north", ten + hours(2));
  expect(output()).toEqual([{ subLocationId: "north", hour: tenOClock, cancellations: 1 }]);
});

test("takes what is out of order within the grace, and hands on what is late", () => {
  cancel("b1", "north", ten);
  create("b2", "north", ten + hours(1) + minutes(4));
  cancel("out of order", "north", ten + minutes(30));
  create("b3", "north", ten + hours(1) + minutes(5));
  cancel("late", "north", ten + minutes(30));
  expect(output()).toEqual([{ subLocationId: "north", hour: tenOClock, cancellations: 2 }]);
  expect(driver.metrics.late).toBe(1);
  expect(driver.produced.filter(({ topic }) => topic === "late")).toHaveLength(1);
});

test("closes the last hour by the wall clock when no booking comes any more", () => {
  cancel("b1", "north", ten);
  driver.advanceWallClock(hours(1) + minutes(4));
  expect(output(), "the grace is not over").toEqual([]);
  driver.advanceWallClock(minutes(2));
  expect(output()).toEqual([{ subLocationId: "north", hour: tenOClock, cancellations: 1 }]);
});
