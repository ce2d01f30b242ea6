import { avroBinary } from "@millrace/avro";
import type { Serde } from "@millrace/streams";
import type { HourChange } from "./booking-ledger.ts";

/** The bookings of one sub-location in one hour. */
export interface Tally {
  readonly bookings: number;
  readonly attendees: number;
}

export const emptyTally = (): Tally => ({ bookings: 0, attendees: 0 });

export const addChange = (tally: Tally, change: HourChange): Tally => ({
  bookings: tally.bookings + change.bookings,
  attendees: tally.attendees + change.attendees,
});

export const tallySerde: Serde<Tally> = avroBinary<Tally>({
  type: "record",
  name: "Tally",
  fields: [
    { name: "bookings", type: "int" },
    { name: "attendees", type: "int" },
  ],
});
