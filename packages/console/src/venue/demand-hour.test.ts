import { memorySchemaRegistry } from "@millrace/avro";
import { type DemandHourly, demandHourlyTopic } from "@millrace/venue";
import { expect, test } from "vitest";
import { demandHourSerde } from "./demand-hour.ts";

test("reads an hour as the demand pipeline writes it", async () => {
  const registry = memorySchemaRegistry();
  const { name, value } = demandHourlyTopic({ registry });
  await value.start?.({ topic: name, part: "value", use: "sink" });
  const hour: DemandHourly = {
    subLocationId: "arena",
    locationId: "venue-2",
    hour: 3_600_000,
    bookingsCount: 15,
    totalAttendees: 30,
    availableCapacity: 100,
    capacityUtilization: 30,
    demandPressure: 15,
    historicalAvgPressure: 1.2,
    historySamples: 4,
    pressureDelta: 13.8,
    final: true,
    timestamp: 7_200_000,
  };
  const bytes = Buffer.from(value.serialize(hour) ?? []);
  const serde = demandHourSerde(registry);
  await serde.prepare?.(bytes, 0, bytes.length);
  const { capacityUtilization: _, pressureDelta: __, ...read } = hour;
  expect(serde.deserialize(bytes, 0, bytes.length)).toEqual(read);
});
