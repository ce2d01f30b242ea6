import { type DemandHourly, SeededRandom } from "@millrace/venue";
import type { ObjectId } from "mongodb";
import { places, quiet, textOf } from "./places.ts";
import { dayStart, hour } from "./the-day.ts";

/** A document of `demand_history`. */
export interface HistoryDocument {
  readonly subLocationId: string | ObjectId;
  readonly dayOfWeek: number;
  readonly hour: number;
  readonly bookingsCount: number;
  readonly demandPressure: number;
  readonly timestamp: Date;
  readonly createdAt: Date;
}

const week = 168 * hour;

/** Which of the weeks before, and until which hour of the day, a place has history of; by its number in its location. */
const kept: readonly { readonly weeks: readonly number[]; readonly hours: number }[] = [
  { weeks: [1, 2, 3, 4, 5], hours: 24 },
  { weeks: [1, 2, 3, 4], hours: 12 },
  { weeks: [2, 5, 3], hours: 24 },
  { weeks: [], hours: 0 },
  { weeks: [1, 2, 3], hours: 24 },
  { weeks: [], hours: 0 },
  { weeks: [4, 3, 2], hours: 24 },
  { weeks: [1, 2, 3], hours: 12 },
  { weeks: [1, 2, 3, 4], hours: 24 },
  { weeks: [], hours: 0 },
];

const isEast = (locationId: string | ObjectId): boolean => locationId === "east";

/** What is in the database before the day; the east has none. Slots are wrong on purpose: timestamps count. */
export const historyBefore = (createdAt: Date): readonly HistoryDocument[] => {
  const random = new SeededRandom(17);
  const documents = places.flatMap(({ id, locationId }, place) => {
    const { weeks, hours } = kept[place % 10] ?? { weeks: [], hours: 0 };
    if (isEast(locationId)) return [];
    return weeks.flatMap((weeksBefore) =>
      // In summer time the same local hour is an hour earlier in UTC.
      Array.from({ length: hours + 1 }, (_, n): HistoryDocument => ({
        subLocationId: id,
        dayOfWeek: 0,
        hour: 0,
        bookingsCount: 1,
        demandPressure: place % 10 === 4 ? 0 : 0.25 + random.below(60) / 10,
        timestamp: new Date(dayStart - weeksBefore * week + (n - 1) * hour),
        createdAt,
      })),
    );
  });
  // The final of this very hour is to replace it.
  const replaced = { subLocationId: quiet, dayOfWeek: 0, hour: 0, bookingsCount: 1, demandPressure: 99 };
  return [...documents, { ...replaced, timestamp: new Date(dayStart + 7 * hour), createdAt }];
};

/** Finals of some hours of three earlier weeks in the east, the last of the day among them: a location's history can't be imported. */
export const earlierFinals = (): readonly DemandHourly[] => {
  const random = new SeededRandom(23);
  return [3, 2, 1].flatMap((weeksBefore) =>
    [8, 9, 22, 23].flatMap((n) =>
      places
        .filter(({ locationId }) => isEast(locationId))
        .slice(0, 7)
        .map(({ id, capacity }): DemandHourly => {
          const bookingsCount = random.below(5);
          return {
            subLocationId: textOf(id),
            locationId: "east",
            hour: dayStart - weeksBefore * week + n * hour,
            bookingsCount,
            totalAttendees: 2 * bookingsCount,
            availableCapacity: capacity,
            capacityUtilization: (200 * bookingsCount) / capacity,
            demandPressure: bookingsCount / (capacity / 100),
            historicalAvgPressure: null,
            historySamples: 0,
            pressureDelta: null,
            final: true,
            timestamp: dayStart - weeksBefore * week + (n + 1) * hour + 300_000,
          };
        }),
    ),
  );
};
