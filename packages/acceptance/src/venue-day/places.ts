import { SeededRandom } from "@millrace/venue";
import { ObjectId } from "mongodb";

/** A document of `sublocations`; `id` is its `_id`. */
export interface Place {
  readonly id: string | ObjectId;
  readonly capacity: number;
  readonly locationId: string | ObjectId;
}

/** Ids as events have them. */
export const textOf = (id: string | ObjectId): string => (typeof id === "string" ? id : id.toHexString());

export const harbour = new ObjectId("65a0000000000000000000aa");

const locations: readonly (string | ObjectId)[] = ["north", "south", "east", "west", harbour];

/** Nobody knows its capacity. */
const withoutCapacity = "north-5";
/** It has bookings in two hours of the day only. */
export const quiet = "west-6";
/** Its bookings name another location than `sublocations` does. */
export const disputed = "south-4";
/** In no `sublocations`, and by its bookings in the north. */
export const popUp = "pop-up";

/** 10 in each of 5 locations; those numbered 8 and 9 have ObjectIds. */
export const places: readonly Place[] = locations.flatMap((locationId, l) => {
  const random = new SeededRandom(l + 1);
  return Array.from({ length: 10 }, (_, n): Place => {
    const name = `${l === 4 ? "harbour" : textOf(locationId)}-${n}`;
    return {
      id: n < 8 ? name : new ObjectId(`65b00000000000000000${l}${n}00`),
      capacity: name === withoutCapacity ? 0 : 40 + random.below(300),
      locationId,
    };
  });
});
