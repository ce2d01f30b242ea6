import { minutes } from "@millrace/streams";
import { bookingEventsDefaults, demandHourlyDefaults, Environment } from "@millrace/venue";
import { serviceSettings, type ServiceSettings } from "@millrace/venue/service";

/** Everything that `millrace-demand` reads from its environment. */
export interface DemandSettings extends ServiceSettings {
  readonly bookingEvents: string;
  readonly demandHourly: string;
  readonly graceMs: number;
  readonly idleCloseMs: number;
  readonly maxAheadMs: number;
  readonly defaultCapacity: number | undefined;
  /** Where capacities and the history to import are; without it there is only the default capacity. */
  readonly mongoUri: string | undefined;
  readonly capacityCache: { readonly max: number; readonly ttlMs: number };
}

/** Throws an EnvironmentError with a line for each variable that can't be used. */
export const demandSettings = (variables: Readonly<Record<string, string | undefined>>): DemandSettings => {
  const environment = new Environment(variables);
  const graceMs = environment.integer("DEMAND_GRACE_MS", minutes(5), 0);
  const settings: DemandSettings = {
    ...serviceSettings(environment, ["KAFKA_GROUP_ID_AGGREGATOR", "demand-aggregator"]),
    bookingEvents: environment.string("KAFKA_TOPIC_BOOKING_EVENTS", bookingEventsDefaults.defaultName),
    demandHourly: environment.string("KAFKA_TOPIC_DEMAND_HOURLY", demandHourlyDefaults.defaultName),
    graceMs,
    idleCloseMs: environment.integer("DEMAND_IDLE_CLOSE_MS", minutes(1), 0),
    maxAheadMs: environment.integer("DEMAND_MAX_AHEAD_MS", graceMs, 0),
    defaultCapacity: environment.optionalInteger("DEMAND_DEFAULT_CAPACITY", 1, 2 ** 31 - 1),
    mongoUri: environment.optional("MONGODB_URI"),
    capacityCache: {
      max: environment.integer("CAPACITY_CACHE_SIZE", 10_000, 1),
      ttlMs: environment.integer("CAPACITY_CACHE_TTL_MS", minutes(1), 1),
    },
  };
  environment.check();
  return settings;
};
