import type { ExpectedHour } from "./expected-demand.ts";
import { capacity, multiplierOf, pricedLocations, subLocations } from "./venues.ts";

const hour = 3_600_000;

/** What a draft ratesheet must say. */
export interface ExpectedDraft {
  readonly entityId: string;
  /** ms since the epoch. */
  readonly effectiveFrom: number;
  readonly multiplier: number;
}

/** The drafts that the final hours must end in, sub-locations' and locations'. */
export const expectedDrafts = (demand: readonly ExpectedHour[]): readonly ExpectedDraft[] => {
  const usual = new Map(subLocations.map(({ id, usualPressure }) => [id, usualPressure]));
  const own = demand.map((one) => ({
    entityId: one.subLocationId,
    effectiveFrom: one.hour + hour,
    multiplier: multiplierOf(one.bookings / (capacity / 100), usual.get(one.subLocationId) ?? Number.NaN),
  }));
  const shared = pricedLocations.flatMap(({ id, usualPressure }) => {
    const members = subLocations.filter(({ locationId }) => locationId === id).map((member) => member.id);
    const hours = Map.groupBy(
      demand.filter(({ subLocationId }) => members.includes(subLocationId)),
      (one) => one.hour,
    );
    return [...hours].map(([at, ones]) => {
      const bookings = ones.reduce((sum, one) => sum + one.bookings, 0);
      return {
        entityId: id,
        effectiveFrom: at + hour,
        multiplier: multiplierOf(bookings / ((capacity * members.length) / 100), usualPressure),
      };
    });
  });
  return [...own, ...shared];
};
