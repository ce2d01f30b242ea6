import { avro, type AvroSchema, type SchemaRegistry } from "@millrace/avro";
import type { Serde } from "@millrace/streams";

/** What the console reads of `venue.DemandHourly`. */
export interface DemandHour {
  readonly subLocationId: string;
  readonly locationId: string | null;
  readonly hour: number;
  readonly bookingsCount: number;
  readonly totalAttendees: number;
  readonly availableCapacity: number;
  readonly demandPressure: number;
  readonly historicalAvgPressure: number | null;
  readonly historySamples: number;
  readonly final: boolean;
  readonly timestamp: number;
}

/** A reader's schema: whatever the writer has beside these fields is passed over. */
const schema: AvroSchema<DemandHour> = {
  type: "record",
  name: "DemandHourly",
  namespace: "venue",
  fields: [
    { name: "subLocationId", type: "string" },
    { name: "locationId", type: ["null", "string"], default: null },
    { name: "hour", type: { type: "long", logicalType: "timestamp-millis" } },
    { name: "bookingsCount", type: "int" },
    { name: "totalAttendees", type: "int" },
    { name: "availableCapacity", type: "int" },
    { name: "demandPressure", type: "double" },
    { name: "historicalAvgPressure", type: ["null", "double"], default: null },
    { name: "historySamples", type: "int", default: 0 },
    { name: "final", type: "boolean", default: false },
    { name: "timestamp", type: { type: "long", logicalType: "timestamp-millis" } },
  ],
};

/** Reads hours of whatever version of the schema. */
export const demandHourSerde = (registry: SchemaRegistry): Serde<DemandHour> => avro({ registry, schema });
