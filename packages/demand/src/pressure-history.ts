import {
  type KeyValueStoreDefinition,
  noHeaders,
  type ProcessorDefinition,
  string,
  type Windowed,
} from "@millrace/streams";
import type { DemandHourly } from "@millrace/venue";
import type { DemandCounters } from "./counters.ts";
import type { MeasuredTally } from "./capacity.ts";
import { historyStore, reach, type Slot, slotKey, withSample } from "./history-slot.ts";
import { locationsStore } from "./locations-store.ts";
import { venueHours } from "./venue-hour.ts";

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
  counters: DemandCounters,
): ProcessorDefinition<Windowed<string>, MeasuredTally, string, DemandHourly, Stores> => ({
  name: "pressureHistory",
  stores: {
    history: historyStore,
    locations: locationsStore,
  },
  key: string(),
  create: (context) => {
    const { history, locations } = context.stores;
    const venueHour = venueHours(timeZone);
    return ({ key: { key: subLocationId, start: hour, final }, value: tally }) => {
      const { dayOfWeek, hour: hourOfDay } = venueHour(hour);
      const slotName = slotKey(subLocationId, dayOfWeek, hourOfDay);
      const slot = history.get(slotName)?.samples ?? [];
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
      if (!final) {
        counters.revisions++;
        return;
      }
      counters.finals++;
      counters.bookings += tally.bookings;
      counters.attendees += tally.attendees;
      if (!known) return;
      counters.pressure.add(demandPressure);
      history.put(slotName, withSample(slot, { hour, pressure: demandPressure, imported: false }), hour);
    };
  },
});
