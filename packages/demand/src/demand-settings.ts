import { days, minutes } from "@millrace/streams";
import { Environment } from "@millrace/service/settings";
import { bookingEventsDefaults, demandHourlyDefaults } from "@millrace/venue";
import {
  type CapacityCacheSettings,
  capacityCacheSettings,
  mongodbUri,
  venueServiceSettings,
  type VenueServiceSettings,
} from "@millrace/venue/service";

/** Everything that `millrace-demand` reads from its environment. */
export interface DemandSettings extends VenueServiceSettings {
  readonly bookingEvents: string;
  readonly demandHourly: string;
  readonly graceMs: number;
  readonly idleCloseMs: number;
  readonly maxAheadMs: number;
  readonly defaultCapacity: number | undefined;
  /** Where capacities and the history to import are; without it there is only the default capacity. */
  readonly mongoUri: string | undefined;
  readonly capacityCache: CapacityCacheSettings;
}

/** Ten years: more would only be another word for never, and its sums no whole numbers any more. */
const longestMs = days(3_650);

/** Throws an EnvironmentError with a line for each variable that can't be used. */
export const demandSettings = (variables: Readonly<Record<string, string | undefined>>): DemandSettings => {
  const environment = new Environment(variables);
  const graceMs = environment.integer("DEMAND_GRACE_MS", minutes(5), 0, longestMs);
  const settings: DemandSettings = {
    ...venueServiceSettings(environment, ["KAFKA_GROUP_ID_AGGREGATOR", "demand-aggregator"]),
    bookingEvents: environment.topic("KAFKA_TOPIC_BOOKING_EVENTS", bookingEventsDefaults.defaultName),
    demandHourly: environment.topic("KAFKA_TOPIC_DEMAND_HOURLY", demandHourlyDefaults.defaultName),
    graceMs,
    idleCloseMs: environment.integer("DEMAND_IDLE_CLOSE_MS", minutes(1), 0, longestMs),
    maxAheadMs: environment.integer("DEMAND_MAX_AHEAD_MS", graceMs, 0, longestMs),
    defaultCapacity: environment.optionalInteger("DEMAND_DEFAULT_CAPACITY", 1, 2 ** 31 - 1),
    mongoUri: mongodbUri(environment, { optional: true }),
    capacityCache: capacityCacheSettings(environment),
  };
  environment.distinct({
    KAFKA_TOPIC_BOOKING_EVENTS: settings.bookingEvents,
    KAFKA_TOPIC_DEMAND_HOURLY: settings.demandHourly,
    KAFKA_TOPIC_DEAD_LETTER: settings.deadLetter,
    KAFKA_TOPIC_LATE: settings.late,
  });
  environment.check();
  return settings;
};
