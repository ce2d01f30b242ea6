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
  return { demand, surge, http: demand.http, logLevel: demand.logLevel };
};

const readOrProblems = <S>(read: () => S): S | EnvironmentError => {
  try {
    return read();
  } catch (error) {
    if (error instanceof EnvironmentError) return error;
    throw error;
  }
};
