import { type SchemaRegistry, schemaRegistry } from "@millrace/avro";
import { simulatedRegistry } from "@millrace/devstack";
import { hours, type KeyValueStoreDefinition, minutes } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { type BookingEvent, bookingEventsTopic, type DemandHourly, demandHourlyTopic } from "@millrace/venue";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newDemandCounters } from "./counters.ts";
import { type DemandOptions, demandTopology } from "./demand-topology.ts";

const start = Date.parse("2026-03-02T10:00:00Z");
let registry: SchemaRegistry;
let stop: () => Promise<void>;

beforeAll(async () => {
  const component = await simulatedRegistry();
  registry = schemaRegistry({ url: component.address });
  stop = () => component.stop();
});
afterAll(() => stop());

const event = (change: Partial<BookingEvent> = {}): BookingEvent => ({
  eventId: "b1",
  action: "CREATED",
  timestamp: start,
  subLocationId: "hall",
  locationId: null,
  eventName: "A booking",
  startDate: start,
  endDate: start,
  attendees: 10,
  capacityDelta: null,
  previousAttendees: null,
  ...change,
});

class Demand {
  readonly counters = newDemandCounters();
  readonly driver: TestDriver;
  readonly #input = bookingEventsTopic({ registry });
  readonly #output = demandHourlyTopic({ registry });

  constructor(options: Partial<DemandOptions> = {}, now = start + 60 * hours(24)) {
    this.driver = new TestDriver(
      demandTopology({
        applicationId: "demand",
        registry,
        bookingEvents: this.#input.name,
        demandHourly: this.#output.name,
        graceMs: minutes(5),
        idleCloseMs: minutes(1),
        maxAheadMs: minutes(5),
        timeZone: "UTC",
        defaultCapacity: 200,
        counters: this.counters,
        log: () => undefined,
        now: () => now,
        ...options,
      }),
      { startTime: now, deadLetterTopic: "dead", lateTopic: "late" },
    );
  }

  static async open(options?: Partial<DemandOptions>, now?: number): Promise<Demand> {
    const demand = new Demand(options, now);
    await demand.driver.start();
    await demand.#input.value.start?.({ topic: demand.#input.name, part: "value", use: "sink" });
    return demand;
  }

  async send(...events: readonly Partial<BookingEvent>[]): Promise<void> {
    for (const change of events) {
      const full = event(change);
      this.driver.pipeInput(this.#input, full.subLocationId, full, full.timestamp);
      await this.driver.settle();
    }
  }

  /** Moves stream time without touching the hall. */
  advanceTo(timestamp: number): Promise<void> {
    return this.send({ eventId: `tick-${timestamp}`, subLocationId: "other", timestamp });
  }

  read(subLocationId = "hall"): readonly DemandHourly[] {
    return this.driver
      .readOutput(this.#output)
      .map(({ value }) => value)
      .filter((value) => value.subLocationId === subLocationId);
  }

  finals(subLocationId = "hall"): readonly DemandHourly[] {
    return this.read(subLocationId).filter(({ final }) => final);
  }

  deadLetters(): readonly string[] {
    return this.driver.produced
      .filter(({ topic }) => topic === "dead")
      .map(({ headers }) => String(headers.find(([name]) => name === "__streams.errors.exception")?.[1]));
  }
}

describe("counting", () => {
  test("emits a revision per commit and one final record, with all measures", async () => {
    const demand = await Demand.open();
    await demand.send({}, { eventId: "b2", attendees: 30, locationId: "loc" });
    await demand.advanceTo(start + hours(1) + minutes(5));
    const records = demand.read();
    expect(records.map(({ final, bookingsCount }) => [final, bookingsCount])).toEqual([
      [false, 1],
      [false, 2],
      [true, 2],
    ]);
    expect(records[2]).toEqual({
      subLocationId: "hall",
      locationId: "loc",
      hour: start,
      bookingsCount: 2,
      totalAttendees: 40,
      availableCapacity: 200,
      capacityUtilization: 20,
      demandPressure: 1,
      historicalAvgPressure: null,
      historySamples: 0,
      pressureDelta: null,
      final: true,
      timestamp: start + 60 * hours(24),
    });
  });

  test("an hour closes exactly at its end plus grace", async () => {
    const demand = await Demand.open();
    await demand.send({});
    await demand.advanceTo(start + hours(1) + minutes(5) - 1);
    expect(demand.finals()).toHaveLength(0);
    await demand.advanceTo(start + hours(1) + minutes(5));
    expect(demand.finals()).toHaveLength(1);
  });

  test("a repeated event changes nothing and counts as duplicate, also when its hour has closed", async () => {
    const demand = await Demand.open();
    await demand.send({}, {});
    await demand.advanceTo(start + hours(3));
    await demand.send({});
    expect(demand.counters.duplicates).toBe(2);
    expect(demand.driver.metrics.late).toBe(0);
    expect(demand.finals().map(({ bookingsCount }) => bookingsCount)).toEqual([1]);
  });

  test("a second CREATED with another timestamp is ignored", async () => {
    const demand = await Demand.open();
    await demand.send({}, { timestamp: start + 5, attendees: 99 });
    await demand.advanceTo(start + hours(2));
    expect(demand.finals()).toMatchObject([{ bookingsCount: 1, totalAttendees: 10 }]);
  });

  test("UPDATED sets the attendees: the greatest timestamp wins, of equal ones the last to come", async () => {
    const demand = await Demand.open();
    const update = (timestamp: number, attendees: number | null): Partial<BookingEvent> => ({
      action: "UPDATED",
      timestamp: start + timestamp,
      attendees,
    });
    await demand.send({}, update(20, 5), update(10, 7), update(30, null));
    await demand.advanceTo(start + hours(2));
    expect(demand.finals()).toMatchObject([{ bookingsCount: 1, totalAttendees: 5 }]);
  });

  test("an UPDATED that comes before its CREATED is remembered", async () => {
    const demand = await Demand.open();
    await demand.send({ action: "UPDATED", timestamp: start + 10, attendees: 3 }, {});
    await demand.advanceTo(start + hours(2));
    expect(demand.finals()).toMatchObject([{ bookingsCount: 1, totalAttendees: 3 }]);
  });

  test("attendees missing on CREATED are none", async () => {
    const demand = await Demand.open();
    await demand.send({ attendees: null });
    await demand.advanceTo(start + hours(2));
    expect(demand.finals()).toMatchObject([{ bookingsCount: 1, totalAttendees: 0 }]);
  });

  test("DELETED retracts the booking, and its hour still gets a final, with nothing in it", async () => {
    const demand = await Demand.open();
    await demand.send({}, { action: "DELETED", timestamp: start + 10 }, { timestamp: start + 20 });
    await demand.advanceTo(start + hours(2));
    expect(demand.finals()).toMatchObject([{ bookingsCount: 0, totalAttendees: 0 }]);
  });

  test("a CREATED after its DELETED does not count, and makes no hour", async () => {
    const demand = await Demand.open();
    await demand.send({ action: "DELETED", timestamp: start + 10 }, {});
    await demand.advanceTo(start + hours(2));
    expect(demand.read()).toEqual([]);
  });

  test("a correction goes to the hour of the booking while it is open, and is late afterwards", async () => {
    const demand = await Demand.open();
    const hourLater = start + hours(1);
    await demand.send({ timestamp: start + 1 });
    await demand.send({ action: "UPDATED", timestamp: hourLater + minutes(1), attendees: 50 });
    await demand.advanceTo(hourLater + minutes(5));
    await demand.send({ action: "DELETED", timestamp: hourLater + minutes(6) });
    expect(demand.finals()).toMatchObject([{ hour: start, bookingsCount: 1, totalAttendees: 50 }]);
    expect(demand.driver.metrics.late).toBe(1);
  });
});

describe("time", () => {
  test("a late event changes nothing and goes to the late topic as it was", async () => {
    const demand = await Demand.open();
    await demand.advanceTo(start + hours(2));
    await demand.send({});
    expect(demand.read()).toEqual([]);
    const [late] = demand.driver.produced.filter(({ topic }) => topic === "late");
    expect(late?.key?.toString()).toBe("hall");
    expect(late?.timestamp).toBe(start + 60 * hours(24));
    expect(late?.headers.map(([name, value]) => [name, String(value)])).toEqual([
      ["millrace.original.timestamp", String(start)],
    ]);
  });

  test("quiet input closes the hours that are over by the wall clock, and no others become late", async () => {
    const now = start + hours(1) + minutes(4);
    const demand = await Demand.open({ now: () => now }, now);
    await demand.send({});
    demand.driver.advanceWallClock(minutes(1));
    await demand.driver.settle();
    expect(demand.finals()).toHaveLength(0);
    demand.driver.advanceWallClock(1);
    await demand.driver.settle();
    expect(demand.finals()).toMatchObject([{ bookingsCount: 1 }]);
    await demand.send({ eventId: "too late", timestamp: start + 1 });
    expect(demand.driver.metrics.late).toBe(1);
    await demand.send({ eventId: "elsewhere", subLocationId: "room", timestamp: start + 1 });
    await demand.advanceTo(start + hours(1) + minutes(5));
    const records = demand.driver.produced.length;
    expect(demand.driver.metrics.late).toBe(1);
    expect(records).toBeGreaterThan(0);
  });

  test("hours that close together close in ascending order", async () => {
    const demand = await Demand.open({ graceMs: hours(5) });
    await demand.send(
      {},
      { eventId: "b2", timestamp: start + hours(2) },
      { eventId: "b3", timestamp: start + hours(1) },
    );
    await demand.advanceTo(start + hours(20));
    expect(demand.finals().map(({ hour }) => (hour - start) / hours(1))).toEqual([0, 1, 2]);
  });

  test("a booking is forgotten seven days of stream time after it was last touched", async () => {
    const demand = await Demand.open({ graceMs: hours(1) });
    await demand.send({});
    await demand.advanceTo(start + 7 * hours(24) - 1);
    expect(demand.driver.store<KeyValueStoreDefinition>("bookings").has("hall\nb1")).toBe(true);
    await demand.advanceTo(start + 7 * hours(24) + hours(2));
    expect(demand.driver.store<KeyValueStoreDefinition>("bookings").has("hall\nb1")).toBe(false);
  });
});

describe("history", () => {
  const week = 7 * hours(24);
  test("averages the same hour of the week over 30 days, itself excluded; a zero is a sample", async () => {
    const demand = await Demand.open();
    for (const n of [0, 1, 2, 3, 4, 5]) {
      for (let booking = 0; booking <= n; booking++)
        await demand.send({ eventId: `w${n}-${booking}`, timestamp: start + n * week });
      await demand.advanceTo(start + n * week + hours(2));
    }
    const finals = demand.finals();
    expect(finals.map(({ demandPressure }) => demandPressure)).toEqual([0.5, 1, 1.5, 2, 2.5, 3]);
    expect(finals.map(({ historySamples }) => historySamples)).toEqual([0, 1, 2, 3, 4, 4]);
    expect(finals[5]?.historicalAvgPressure).toBeCloseTo((1 + 1.5 + 2 + 2.5) / 4);
    expect(finals[5]?.pressureDelta).toBeCloseTo(3 - 1.75);
  });

  test("an hour of unknown capacity is no sample, and is emitted without pressure", async () => {
    const demand = await Demand.open({ capacity: () => ({ capacity: -1, locationId: "L" }) });
    await demand.send({});
    await demand.advanceTo(start + hours(2));
    await demand.send({ eventId: "b2", timestamp: start + week });
    await demand.advanceTo(start + week + hours(2));
    expect(demand.finals()).toMatchObject([
      { availableCapacity: 0, demandPressure: 0, capacityUtilization: 0, locationId: "L" },
      { historySamples: 0, historicalAvgPressure: null },
    ]);
    expect(demand.counters.unknownCapacity).toBeGreaterThan(0);
  });

  test("a failing lookup is asked again, and is never unknown capacity", async () => {
    let calls = 0;
    const demand = await Demand.open({
      capacity: async () => {
        if (calls++ === 0) throw new Error("not now");
        return { capacity: 100, locationId: null };
      },
    });
    await demand.send({});
    expect(demand.read()).toMatchObject([{ availableCapacity: 100, demandPressure: 1 }]);
  });

  test("compares by the venue's clocks through the end of summer time: both halves of the doubled hour", async () => {
    const doubled = Date.parse("2026-10-25T00:30:00Z");
    const weekLater = Date.parse("2026-11-01T01:30:00Z");
    const demand = await Demand.open({ timeZone: "Europe/Berlin" }, weekLater + hours(24));
    await demand.send({ timestamp: doubled }, { eventId: "b2", timestamp: doubled + hours(1) });
    await demand.advanceTo(doubled + hours(4));
    await demand.send({ eventId: "b3", timestamp: weekLater });
    await demand.advanceTo(weekLater + hours(2));
    expect(demand.finals().at(-1)).toMatchObject({ historySamples: 2 });
  });
});

describe("bad input", () => {
  test("is dead-lettered with its reason, and moves no time", async () => {
    const demand = await Demand.open({}, start);
    await demand.send({});
    const topic = "venue.booking.events";
    const value = bookingEventsTopic({ registry }).value;
    await value.start?.({ topic, part: "value", use: "sink" });
    const good = value.serialize(event({ eventId: "b2" })) as Buffer;
    const unknown = Buffer.from(good);
    unknown.writeInt32BE(4711, 1);
    const key = Buffer.from("hall");
    for (const [k, v] of [
      [key, Buffer.concat([Buffer.of(7), good.subarray(1)])],
      [key, unknown],
      [key, good.subarray(0, good.length - 3)],
      [key, Buffer.concat([good, Buffer.of(0)])],
      [key, Buffer.alloc(0)],
      [key, null],
      [null, good],
      [Buffer.from("room"), good],
      [key, value.serialize(event({ attendees: -1 }))],
      [Buffer.alloc(0), value.serialize(event({ subLocationId: "" }))],
      [key, value.serialize(event({ timestamp: start + minutes(5) + 1 }))],
      [key, Buffer.alloc(900_000, 0xff)],
    ] as const) {
      demand.driver.pipeBytes(topic, k, v, start);
      // The unknown id is asked of the registry: the partition waits for the answer.
      await demand.driver.settle();
    }
    expect(demand.deadLetters()).toEqual([
      "WRONG_MAGIC",
      "UNKNOWN_SCHEMA_ID",
      "TRUNCATED",
      "TRAILING_BYTES",
      "TRUNCATED",
      "NULL_PAYLOAD",
      "NULL_PAYLOAD",
      "KEY_MISMATCH",
      "NEGATIVE_ATTENDEES",
      "EMPTY_SUB_LOCATION",
      "TOO_FAR_AHEAD",
      "WRONG_MAGIC",
    ]);
    await demand.send({ eventId: "b3", startDate: start + 10, endDate: start });
    expect(demand.read().at(-1)).toMatchObject({ bookingsCount: 2 });
  });
});
