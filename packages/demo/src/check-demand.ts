import type { DemandHourly } from "@millrace/venue";
import type { ExpectedHour } from "./expected-demand.ts";

/** What is wrong with the finals, a line each. */
export const checkDemand = (
  finals: ReadonlyMap<string, DemandHourly>,
  expected: readonly ExpectedHour[],
): readonly string[] => {
  const problems = expected.flatMap(({ subLocationId, hour: at, bookings, attendees }) => {
    const found = finals.get(`${subLocationId} ${at}`);
    if (found?.bookingsCount === bookings && found.totalAttendees === attendees) return [];
    return [
      `${subLocationId} ${new Date(at).toISOString()}: expected ${bookings} bookings with ${attendees} attendees, ` +
        `got ${found === undefined ? "no final" : `${found.bookingsCount} with ${found.totalAttendees}`}`,
    ];
  });
  return finals.size === expected.length
    ? problems
    : [...problems, `${finals.size} finals instead of ${expected.length}`];
};
