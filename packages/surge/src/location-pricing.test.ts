import { days, hours } from "@millrace/streams";
import type { DemandHourly } from "@millrace/venue";
import { expect, test } from "vitest";
import { decide } from "./decide.ts";
import { addMember, emptyLocation, locationMember, summary } from "./location-demand.ts";
import { addSample, emptyLocationHistory, meanBefore } from "./location-history.ts";
import { readSurgeConfig } from "./read-surge-config.ts";

const hour = Date.parse("2026-03-02T10:00:00Z");
const capacities = new Map([
  ["hall", 100],
  ["yard", 300],
  ["roof", 100],
]);
const metric = (subLocationId: string, bookingsCount: number, capacity: number): DemandHourly => ({
  subLocationId,
  locationId: "house",
  hour,
  bookingsCount,
  totalAttendees: 0,
  availableCapacity: capacity,
  capacityUtilization: 0,
  demandPressure: bookingsCount / (capacity / 100),
  historicalAvgPressure: 99,
  historySamples: 4,
  pressureDelta: null,
  final: true,
  timestamp: hour + hours(1) + bookingsCount,
});

test("prices a location by its sums against its own history, not its members'", () => {
  const members = [locationMember(metric("hall", 12, 100), 4), locationMember(metric("yard", 8, 300), 9)];
  const found = summary(members.reduce(addMember, emptyLocation()), capacities);
  const samples = [1, 2, 3].map((weeks) => ({ hour: hour - days(7 * weeks), pressure: 2 }));
  const mean = meanBefore(samples.reduce(addSample, emptyLocationHistory()), hour);
  const decision =
    found &&
    decide({
      demand: { ...found, ...mean },
      config: readSurgeConfig({
        _id: "c1",
        isActive: true,
        appliesTo: { level: "LOCATION", entityId: "house" },
        demandSupplyParams: { currentSupply: 10 },
      }),
      now: hour,
      timeZone: "UTC",
      policy: { enabled: true, dryRun: false, smoothing: "none", deadband: undefined, maxStep: undefined },
      previousMultiplier: undefined,
    });
  expect(decision).toMatchObject({
    outcome: "draft",
    params: { currentDemand: 20, historicalAvgPressure: 2, manualHistoricalAvgPressure: null },
    draft: {
      ratesheet: {
        surgeMultiplierSnapshot: 1 + 0.3 * Math.log(2),
        demandSupplySnapshot: {
          demand: 20,
          supply: 10,
          pressure: 4,
          historicalAvgPressure: 2,
          timestamp: new Date(hour + hours(1) + 12),
        },
      },
      order: { hour, final: 2, offset: 13 },
    },
  });
});
