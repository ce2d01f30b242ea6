import { hours, noHeaders, type ProcessorDefinition } from "@millrace/streams";
import type { DemandSnapshot } from "./demand-snapshot.ts";
import type { LocationSummary } from "./location-demand.ts";
import { addSample, emptyLocationHistory, meanBefore } from "./location-history.ts";
import { locationKeySerde, readLocationKey } from "./location-key.ts";
import { locationMemory } from "./location-memory.ts";
import { locationHistoryStore, locationsStore } from "./location-stores.ts";
import { venueClock } from "./venue-clock.ts";

type Stores = {
  readonly history: typeof locationHistoryStore;
  readonly locations: typeof locationsStore;
};

/**
 * Compares a location's pressure with its own history, which its members' finals make. By the hours' own time, so
 * that a replay gives the same means.
 */
export const locationPressure = (
  timeZone: string,
): ProcessorDefinition<string, LocationSummary, string, DemandSnapshot, Stores> => ({
  name: "locationPressure",
  stores: { history: locationHistoryStore, locations: locationsStore },
  key: locationKeySerde,
  create: (context) => {
    const { history, locations } = context.stores;
    context.schedule(hours(1), "streamTime", (now) => {
      const old = [...locations.all()].filter(([key]) => readLocationKey(key).hour < now - locationMemory);
      for (const [key] of old) locations.delete(key);
    });
    return ({ key, value: location, timestamp }) => {
      const { locationId, hour } = readLocationKey(key);
      const clock = venueClock(hour, timeZone);
      const slot = `${locationId}\n${clock.dayOfWeek}\n${clock.hour}`;
      const known = history.get(slot);
      const { final: finals } = location.order;
      const sampled = known?.samples.find((sample) => sample.hour === hour)?.finals ?? 0;
      context.forward({
        key,
        value: { ...location, ...meanBefore(known ?? emptyLocationHistory(), hour) },
        timestamp,
        headers: noHeaders,
      });
      if (finals <= sampled || location.availableCapacity <= 0) return;
      const sample = { hour, pressure: location.demandPressure, finals };
      const { samples } = addSample(known ?? emptyLocationHistory(), sample);
      history.put(slot, {
        samples: samples.map((one) => ({ finals: 0, ...one })),
      });
    };
  },
});
