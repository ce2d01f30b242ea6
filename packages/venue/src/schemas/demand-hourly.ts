// Generated from schemas/demand-hourly.avsc by packages/venue/generate-schemas.ts; do not edit.
import type { AvroSchema } from "@millrace/avro";

/** The demand for a sub-location in one UTC hour. */
export interface DemandHourly {
  readonly subLocationId: string;
  /** The last one seen. */
  readonly locationId: string | null;
  /** Start of the UTC hour. ms since the epoch */
  readonly hour: number;
  /** Bookings created in that hour and not deleted while it was open. */
  readonly bookingsCount: number;
  /** Of those bookings, latest known. */
  readonly totalAttendees: number;
  /** Total capacity of the sub-location, 0 if unknown. */
  readonly availableCapacity: number;
  /** Percent: 100 x totalAttendees / availableCapacity, 0 if unknown; may exceed 100. */
  readonly capacityUtilization: number;
  /** bookingsCount / (availableCapacity / 100), 0 if unknown. */
  readonly demandPressure: number;
  /** Mean demandPressure of the same local day-of-week and hour over the final hours of the 30 days before. */
  readonly historicalAvgPressure: number | null;
  /** How many hours that mean is over. */
  readonly historySamples: number;
  /** demandPressure - historicalAvgPressure. */
  readonly pressureDelta: number | null;
  /** False: may be revised. True: once per hour and sub-location, never revised. */
  readonly final: boolean;
  /** When this was computed, wall clock. ms since the epoch */
  readonly timestamp: number;
}

/** schemas/demand-hourly.avsc */
export const demandHourlySchema: AvroSchema<DemandHourly> = {
  "type": "record",
  "name": "DemandHourly",
  "namespace": "venue",
  "doc": "The demand for a sub-location in one UTC hour.",
  "fields": [
    {
      "name": "subLocationId",
      "type": "string"
    },
    {
      "name": "locationId",
      "type": [
        "null",
        "string"
      ],
      "default": null,
      "doc": "The last one seen."
    },
    {
      "name": "hour",
      "type": {
        "type": "long",
        "logicalType": "timestamp-millis"
      },
      "doc": "Start of the UTC hour."
    },
    {
      "name": "bookingsCount",
      "type": "int",
      "doc": "Bookings created in that hour and not deleted while it was open."
    },
    {
      "name": "totalAttendees",
      "type": "int",
      "doc": "Of those bookings, latest known."
    },
    {
      "name": "availableCapacity",
      "type": "int",
      "doc": "Total capacity of the sub-location, 0 if unknown."
    },
    {
      "name": "capacityUtilization",
      "type": "double",
      "doc": "Percent: 100 x totalAttendees / availableCapacity, 0 if unknown; may exceed 100."
    },
    {
      "name": "demandPressure",
      "type": "double",
      "doc": "bookingsCount / (availableCapacity / 100), 0 if unknown."
    },
    {
      "name": "historicalAvgPressure",
      "type": [
        "null",
        "double"
      ],
      "default": null,
      "doc": "Mean demandPressure of the same local day-of-week and hour over the final hours of the 30 days before."
    },
    {
      "name": "historySamples",
      "type": "int",
      "default": 0,
      "doc": "How many hours that mean is over."
    },
    {
      "name": "pressureDelta",
      "type": [
        "null",
        "double"
      ],
      "default": null,
      "doc": "demandPressure - historicalAvgPressure."
    },
    {
      "name": "final",
      "type": "boolean",
      "default": false,
      "doc": "False: may be revised. True: once per hour and sub-location, never revised."
    },
    {
      "name": "timestamp",
      "type": {
        "type": "long",
        "logicalType": "timestamp-millis"
      },
      "doc": "When this was computed, wall clock."
    }
  ]
};
