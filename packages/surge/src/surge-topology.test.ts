import { memorySchemaRegistry } from "@millrace/avro";
import { days, hours } from "@millrace/streams";
import { TestDriver } from "@millrace/streams/testing";
import { type DemandHourly, demandHourlyTopic } from "@millrace/venue";
import { expect, test } from "vitest";
import { readSurgeConfig } from "./read-surge-config.ts";
import { DecisionJournal } from "./decision-journal.ts";
import { newSurgeCounters } from "./surge-counters.ts";
import type { SurgeStore } from "./surge-store.ts";
import { surgeTopology } from "./surge-topology.ts";

const hour = Date.parse("2026-03-26T10:00:00Z");
const final = (subLocationId: string, weeksBefore: number, bookingsCount: number): DemandHourly => ({
  subLocationId,
  locationId: "house",
  hour: hour - days(7 * weeksBefore),
  bookingsCount,
  totalAttendees: 0,
  availableCapacity: 100,
  capacityUtilization: 0,
  demandPressure: bookingsCount,
  historicalAvgPressure: null,
  historySamples: 0,
  pressureDelta: null,
  final: true,
  timestamp: hour - days(7 * weeksBefore) + hours(1),
});

/** A house of two halls, which nothing is written of. */
const house: SurgeStore = {
  healthy: true,
  locationOf: async () => "house",
  capacitiesOf: async () =>
    new Map([
      ["hall", 100],
      ["yard", 100],
    ]),
  configsOf: async (level) =>
    level === "SUBLOCATION"
      ? []
      : [
          {
            reading: readSurgeConfig({
              _id: "c1",
              isActive: true,
              appliesTo: { level, entityId: "house" },
              demandSupplyParams: { currentSupply: 10, historicalAvgPressure: 1 },
            }),
            paramsOrder: undefined,
            baselineAsRead: 1,
          },
        ],
  ratesheetOf: async () => undefined,
  multiplierBefore: async () => undefined,
  isApplied: async () => false,
  appliedOrderOf: async () => undefined,
  apply: () => Promise.reject(new Error("a dry run writes nothing")),
  close: async () => undefined,
};

test("a location's history has the weeks that other sub-locations got ahead of", async () => {
  const registry = memorySchemaRegistry();
  let answer: (() => void) | undefined;
  const slow = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const decisions: Readonly<Record<string, unknown>>[] = [];
  const topic = demandHourlyTopic({ registry });
  const driver = new TestDriver(
    surgeTopology({
      applicationId: "surge",
      registry,
      demandHourly: topic.name,
      topicId: "t1",
      database: {
        ...house,
        locationOf: (id) => (id === "hall" ? slow.then(() => "house") : Promise.resolve("house")),
      },
      policy: { enabled: true, dryRun: true, smoothing: "none", deadband: undefined, maxStep: undefined },
      timeZone: "UTC",
      counters: newSurgeCounters(),
      journal: new DecisionJournal(),
      log: (_level, _message, fields = {}) => decisions.push(fields),
      now: () => hour,
    }),
    { startTime: hour },
  );
  await driver.start();
  await topic.value.start?.({ topic: topic.name, part: "value", use: "sink" });
  const send = (metric: DemandHourly): void =>
    driver.pipeInput(topic, metric.subLocationId, metric, metric.timestamp);
  send(final("hall", 3, 2));
  send(final("yard", 2, 4));
  send(final("yard", 1, 6));
  // The yard's weeks are through before the hall's is.
  await new Promise((resolve) => setImmediate(resolve));
  answer?.();
  await driver.settle();
  send(final("yard", 0, 8));
  await driver.settle();
  expect(driver.metrics.late).toBe(0);
  // 2, 4 and 6 bookings for 200.
  expect(decisions.at(-1)).toMatchObject({
    hour: new Date(hour).toISOString(),
    inputs: { pressure: 4, historySamples: 3, historicalAvgPressure: 2 },
  });
});
