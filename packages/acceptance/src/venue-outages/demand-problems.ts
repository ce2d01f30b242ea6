import type { DayStage } from "../venue-day/day-stage.ts";
import { differences } from "../venue-day/differences.ts";
import type { ExpectedFinal } from "../venue-day/expected-demand.ts";

type Counted = Pick<ExpectedFinal, "subLocationId" | "hour" | "bookingsCount" | "totalAttendees">;

const counted = ({ subLocationId, hour, bookingsCount, totalAttendees }: ExpectedFinal): Counted => ({
  subLocationId,
  hour,
  bookingsCount,
  totalAttendees,
});

/** Where the finals are not as they must be, a line each; a final that came twice is one. */
export const demandProblems = (stage: DayStage): readonly string[] =>
  differences(
    stage.finals.map(counted),
    stage.expected.finals.map(counted),
    ({ subLocationId, hour }) => `${subLocationId} ${new Date(hour).toISOString()}`,
  );
