import { Environment } from "@millrace/service/settings";
import { demandHourlyDefaults } from "@millrace/venue";
import {
  type CapacityCacheSettings,
  capacityCacheSettings,
  mongodbUri,
  venueServiceSettings,
  type VenueServiceSettings,
} from "@millrace/venue/service";
import type { SurgePolicy } from "./surge-policy.ts";

/** Everything that `millrace-surge` reads from its environment. */
export interface SurgeSettings extends VenueServiceSettings {
  /** Undefined only in a dry run: there are no configs to decide on then. */
  readonly mongoUri: string | undefined;
  readonly demandHourly: string;
  readonly policy: SurgePolicy;
  /** How long it is remembered which metrics were applied. */
  readonly processedEventsTtlDays: number;
  /** Of what `sublocations` says. */
  readonly capacityCache: CapacityCacheSettings;
}

/** A TTL index holds its seconds in 32 bits. */
const mostTtlDays = Math.floor((2 ** 31 - 1) / (24 * 60 * 60));

/** Throws an EnvironmentError with a line for each variable that can't be used. */
export const surgeSettings = (variables: Readonly<Record<string, string | undefined>>): SurgeSettings => {
  const environment = new Environment(variables);
  const policy = surgePolicy(environment);
  const settings: SurgeSettings = {
    ...venueServiceSettings(environment, ["KAFKA_GROUP_ID_UPDATER", "surge-updater"]),
    mongoUri: mongodbUri(environment, { optional: policy.dryRun }),
    demandHourly: environment.topic("KAFKA_TOPIC_DEMAND_HOURLY", demandHourlyDefaults.defaultName),
    policy,
    processedEventsTtlDays: environment.integer("PROCESSED_EVENTS_TTL_DAYS", 7, 1, mostTtlDays),
    capacityCache: capacityCacheSettings(environment),
  };
  environment.distinct({
    KAFKA_TOPIC_DEMAND_HOURLY: settings.demandHourly,
    KAFKA_TOPIC_DEAD_LETTER: settings.deadLetter,
    KAFKA_TOPIC_LATE: settings.late,
  });
  environment.check();
  return settings;
};

const surgePolicy = (environment: Environment): SurgePolicy => ({
  enabled: environment.boolean("SURGE_ENABLED", true),
  dryRun: environment.boolean("SURGE_DRY_RUN", false),
  smoothing: environment.oneOf("SURGE_SMOOTHING", "none", ["none", "ema"]),
  deadband: environment.optionalDecimal("SURGE_DEADBAND", 0),
  // Not 0, which would mean never to change a price again.
  maxStep: environment.optionalDecimal("SURGE_MAX_STEP", 0, { exclusive: true }),
});
