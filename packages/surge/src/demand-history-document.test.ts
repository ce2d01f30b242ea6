import type { DemandHourly } from "@millrace/venue";
import { expect, test } from "vitest";
import { demandHistoryDocument } from "./demand-history-document.ts";

const hour = Date.parse("2026-03-01T23:00:00Z");
const metric = (change: Partial<DemandHourly> = {}): DemandHourly => ({
  subLocationId: "hall",
  locationId: null,
  hour,
  bookingsCount: 15,
  totalAttendees: 40,
  availableCapacity: 100,
  capacityUtilization: 40,
  demandPressure: 15,
  historicalAvgPressure: null,
  historySamples: 0,
  pressureDelta: null,
  final: true,
  timestamp: hour + 1,
  ...change,
});

test("keeps a final on the venue's clocks", () => {
  expect(demandHistoryDocument(metric(), "UTC", hour + 2)).toEqual({
    subLocationId: "hall",
    dayOfWeek: 0,
    hour: 23,
    bookingsCount: 15,
    demandPressure: 15,
    timestamp: new Date(hour),
    createdAt: new Date(hour + 2),
  });
  expect(demandHistoryDocument(metric(), "Europe/Berlin", hour)).toMatchObject({ dayOfWeek: 1, hour: 0 });
});

test("keeps an hour without bookings", () => {
  expect(demandHistoryDocument(metric({ bookingsCount: 0, demandPressure: 0 }), "UTC", hour)).toMatchObject({
    demandPressure: 0,
  });
});

test("keeps no revision and nothing of unknown capacity", () => {
  expect(demandHistoryDocument(metric({ final: false }), "UTC", hour)).toBeUndefined();
  expect(demandHistoryDocument(metric({ availableCapacity: 0 }), "UTC", hour)).toBeUndefined();
});
