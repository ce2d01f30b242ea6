import { avroBinary } from "@millrace/avro";
import {
  days,
  type KeyValueStoreDefinition,
  keyValueStore,
  noHeaders,
  type ProcessorDefinition,
  string,
  type Windowed,
} from "@millrace/streams";
import type { DemandHourly } from "@millrace/venue";
import type { AvroSchema } from "@millrace/avro";
import type { MeasuredTally } from "./capacity.ts";
import { locationsStore } from "./locations-store.ts";
import { venueHours } from "./venue-hour.ts";

/** The pressure of one final hour. */
interface Sample {
  /** Start of the hour, ms. */
  readonly hour: number;
  readonly pressure: number;
  /** From the history that was there before: a final of our own replaces it. */
  readonly imported: boolean;
}

/** The samples of one sub-location, weekday and hour of the day, oldest first. */
export interface Slot {
  readonly samples: readonly Sample[];
}

const slotSchema: AvroSchema<Slot> = {
  type: "record",
  name: "Slot",
  fields: [
    {
      name: "samples",
      type: {
        type: "array",
        items: {
          type: "record",
          name: "Sample",
          fields: [
            { name: "hour", type: "long" },
            { name: "pressure", type: "double" },
            { name: "imported", type: "boolean" },
          ],
        },
      },
    },
  ],
};

/** An average reaches back this far from its hour, ms. */
const reach = days(30);

type Stores = {
  readonly history: KeyValueStoreDefinition<string, Slot>;
  readonly locations: KeyValueStoreDefinition<string, string>;
};

/**
 * Compares an hour with the same weekday and hour of the 30 days before, on the venue's clocks, and makes the demand
 * record of it. Final hours of known capacity become samples themselves. All by the hours' own time: a
 * replay gives the same averages.
 */
export const pressureHistory = (
  timeZone: string,
): ProcessorDefinition<Windowed<string>, MeasuredTally, string, DemandHourly, Stores> => ({
  name: "pressureHistory",
  stores: {
    history: keyValueStore("pressure-history", { key: string(), value: avroBinary<Slot>(slotSchema) }),
    locations: locationsStore,
  },
  key: string(),
  create: (context) => {
    const { history, locations } = context.stores;
    const venueHour = venueHours(timeZone);
    return ({ key: { key: subLocationId, start: hour, final }, value: tally }) => {
      const { dayOfWeek, hour: hourOfDay } = venueHour(hour);
      const slotKey = `${subLocationId}\n${dayOfWeek}\n${hourOfDay}`;
      const slot = history.get(slotKey)?.samples ?? [];
      const before = slot.filter((sample) => sample.hour < hour && sample.hour >= hour - reach);
      const known = tally.capacity > 0;
      const demandPressure = known ? tally.bookings / (tally.capacity / 100) : 0;
      const average =
        before.length === 0 ? null : before.reduce((sum, { pressure }) => sum + pressure, 0) / before.length;
      const now = context.now();
      context.forward({
        key: subLocationId,
        value: {
          subLocationId,
          locationId: locations.get(subLocationId) ?? tally.locationId,
          hour,
          bookingsCount: tally.bookings,
          totalAttendees: tally.attendees,
          availableCapacity: tally.capacity,
          capacityUtilization: known ? (100 * tally.attendees) / tally.capacity : 0,
          demandPressure,
          historicalAvgPressure: average,
          historySamples: before.length,
          pressureDelta: average === null ? null : demandPressure - average,
          final,
          timestamp: now,
        },
        timestamp: now,
        headers: noHeaders,
      });
      if (!final || !known) return;
      const others = slot.filter((sample) => sample.hour !== hour && sample.hour >= hour - reach);
      const samples = [...others, { hour, pressure: demandPressure, imported: false }];
      history.put(slotKey, { samples: samples.toSorted((a, b) => a.hour - b.hour) }, hour);
    };
  },
});
