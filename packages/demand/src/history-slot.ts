import { type AvroSchema, avroBinary } from "@millrace/avro";
import { days, type KeyValueStoreDefinition, keyValueStore, string } from "@millrace/streams";

/** The pressure of one final hour. */
export interface Sample {
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
export const reach: number = days(30);

/** The history of every sub-location, by slot. */
export const historyStore: KeyValueStoreDefinition<string, Slot> = keyValueStore("pressure-history", {
  key: string(),
  value: avroBinary<Slot>(slotSchema),
});

/** `dayOfWeek`: 0 is Sunday; both by the venue's clocks. */
export const slotKey = (subLocationId: string, dayOfWeek: number, hourOfDay: number): string =>
  `${subLocationId}\n${dayOfWeek}\n${hourOfDay}`;

/** The slot with one more sample, which replaces that of the same hour; what it is too late for is forgotten. */
export const withSample = (samples: readonly Sample[], sample: Sample): Slot => ({
  samples: [
    ...samples.filter(({ hour }) => hour !== sample.hour && hour >= sample.hour - reach),
    sample,
  ].toSorted((a, b) => a.hour - b.hour),
});
