import { type AvroSchema, avroBinary } from "@millrace/avro";
import { type KeyValueStoreDefinition, keyValueStore, type Serde, string } from "@millrace/streams";
import type { MemberOfLocation } from "./apply-metric.ts";
import type { LocationDemand, LocationMember } from "./location-demand.ts";
import { locationKeySerde } from "./location-key.ts";
import type { PressureSample } from "./location-history.ts";

const memberFields = [
  { name: "subLocationId", type: "string" },
  { name: "hour", type: "long" },
  { name: "bookingsCount", type: "int" },
  { name: "availableCapacity", type: "int" },
  { name: "final", type: "boolean" },
  { name: "timestamp", type: "long" },
  { name: "offset", type: "long" },
] as const;
const memberSchema: AvroSchema<LocationMember> = { type: "record", name: "Member", fields: memberFields };
const memberOfLocationSchema: AvroSchema<MemberOfLocation> = {
  type: "record",
  name: "MemberOfLocation",
  fields: [...memberFields, { name: "locationId", type: "string" }],
};
const locationSchema: AvroSchema<LocationDemand> = {
  type: "record",
  name: "Location",
  fields: [{ name: "members", type: { type: "array", items: memberSchema } }],
};

export const memberSerde: Serde<LocationMember> = avroBinary(memberSchema);
export const memberOfLocationSerde: Serde<MemberOfLocation> = avroBinary(memberOfLocationSchema);

/** What each location is made of, by `locationKey`. */
export const locationsStore: KeyValueStoreDefinition<string, LocationDemand> = keyValueStore("locations", {
  key: locationKeySerde,
  value: avroBinary(locationSchema),
});

/** A sample, and of how many finals it was made. */
interface LocationSample extends PressureSample {
  readonly finals: number;
}

/** A LocationHistory that knows this. */
export interface SampledHistory {
  readonly samples: readonly LocationSample[];
}

/** The history of each location's own pressure, by location, weekday and hour of the day on the venue's clocks. */
export const locationHistoryStore: KeyValueStoreDefinition<string, SampledHistory> = keyValueStore(
  "location-history",
  {
    key: string(),
    value: avroBinary({
      type: "record",
      name: "LocationHistory",
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
                { name: "finals", type: "int" },
              ],
            },
          },
        },
      ],
    }),
  },
);
