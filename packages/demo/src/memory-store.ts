import type { CapacityLookup } from "@millrace/demand";
import { readSurgeConfig, type SurgeStore } from "@millrace/surge";
import { capacity, subLocations, surgeConfigs } from "./venues.ts";

/** The demo's documents, where there is no MongoDB to hold them: for a dry run. */
export const memoryCapacity: CapacityLookup = (id) => {
  const found = subLocations.find((subLocation) => subLocation.id === id);
  return found && { capacity, locationId: found.locationId };
};

export const memoryStore: SurgeStore = {
  healthy: true,
  locationOf: async (id) => subLocations.find((subLocation) => subLocation.id === id)?.locationId,
  capacitiesOf: async (locationId) =>
    new Map(
      subLocations.filter((member) => member.locationId === locationId).map(({ id }) => [id, capacity]),
    ),
  configsOf: async (level, entityId) =>
    surgeConfigs
      .filter(({ appliesTo }) => appliesTo.level === level && appliesTo.entityId === entityId)
      .map((document) => ({
        reading: readSurgeConfig(document),
        paramsOrder: undefined,
        baselineAsRead: null,
      })),
  ratesheetOf: async () => undefined,
  multiplierBefore: async () => undefined,
  isApplied: async () => false,
  appliedOrderOf: async () => undefined,
  apply: () => Promise.reject(new Error("a dry run writes nothing")),
  close: async () => undefined,
};
