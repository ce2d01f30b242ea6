import { type DemandSettings, demandSettings } from "@millrace/demand";
import { type SurgeSettings, surgeSettings } from "@millrace/surge";
import type { RunSettings } from "@millrace/service";
import { EnvironmentError } from "@millrace/service/settings";

/** Those of both topologies. */
export interface VenueSettings extends RunSettings {
  readonly demand: DemandSettings;
  readonly surge: SurgeSettings;
}

/** Throws an EnvironmentError with a line for each variable that can't be used. */
export const venueSettings = (variables: Readonly<Record<string, string | undefined>>): VenueSettings => {
  // Each has a dead-letter topic of its own: one for both would have letters that only one can take back.
  const own = { ...variables, KAFKA_TOPIC_DEAD_LETTER: undefined, KAFKA_TOPIC_LATE: undefined };
  const demand = readOrProblems(() => demandSettings(variables));
  const surge = readOrProblems(() => surgeSettings(own));
  if (demand instanceof EnvironmentError || surge instanceof EnvironmentError)
    throw new EnvironmentError([
      ...new Set([demand, surge].flatMap((one) => (one instanceof EnvironmentError ? one.problems : []))),
    ]);
  const problems = collisions(demand, surge);
  if (problems.length > 0) throw new EnvironmentError(problems);
  return { demand, surge, http: demand.http, logLevel: demand.logLevel };
};

/** What each may be by itself, and both together may not: they share the process, the cluster and these variables. */
const collisions = (demand: DemandSettings, surge: SurgeSettings): readonly string[] => {
  if (demand.applicationId === surge.applicationId)
    return [
      `KAFKA_GROUP_ID_AGGREGATOR and KAFKA_GROUP_ID_UPDATER are both "${surge.applicationId}"; they must differ`,
    ];
  const own = `the surge topology's dead-letter topic, as KAFKA_GROUP_ID_UPDATER is "${surge.applicationId}"`;
  return Object.entries({
    KAFKA_TOPIC_DEAD_LETTER: demand.deadLetter,
    KAFKA_TOPIC_LATE: demand.late,
    KAFKA_TOPIC_BOOKING_EVENTS: demand.bookingEvents,
  })
    .filter(([, topic]) => topic === surge.deadLetter)
    .map(([name, topic]) => `${name} is "${topic}"; it must differ from ${own}`);
};

const readOrProblems = <S>(read: () => S): S | EnvironmentError => {
  try {
    return read();
  } catch (error) {
    if (error instanceof EnvironmentError) return error;
    throw error;
  }
};
