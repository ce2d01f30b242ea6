import { type Guarantee, type KafkaOptions, minutes, seconds } from "@millrace/streams";
import { bookingEventsDefaults, demandHourlyDefaults, Environment, kafkaSettings } from "@millrace/venue";
import type { LogThreshold } from "./json-log.ts";

/** Everything that `millrace-demand` reads from its environment. */
export interface DemandSettings {
  readonly kafka: KafkaOptions;
  readonly registryUrl: string;
  readonly applicationId: string;
  readonly bookingEvents: string;
  readonly demandHourly: string;
  readonly deadLetter: string;
  readonly late: string | undefined;
  readonly sessionTimeoutMs: number;
  readonly graceMs: number;
  readonly idleCloseMs: number;
  readonly maxAheadMs: number;
  readonly defaultCapacity: number | undefined;
  readonly timeZone: string;
  readonly guarantee: Guarantee;
  readonly commitIntervalMs: number | undefined;
  readonly http: { readonly host: string; readonly port: number } | undefined;
  readonly logLevel: LogThreshold;
}

/** Throws an EnvironmentError with a line for each variable that can't be used. */
export const demandSettings = (variables: Readonly<Record<string, string | undefined>>): DemandSettings => {
  const environment = new Environment(variables);
  const applicationId = environment.string("KAFKA_GROUP_ID_AGGREGATOR", "demand-aggregator");
  const graceMs = environment.integer("DEMAND_GRACE_MS", minutes(5), 0);
  const port = environment.optionalInteger("HTTP_PORT", 0, 65_535);
  const settings: DemandSettings = {
    kafka: kafkaSettings(environment, applicationId),
    registryUrl: environment.url("SCHEMA_REGISTRY_URL", "the URL of a schema registry"),
    applicationId,
    bookingEvents: environment.string("KAFKA_TOPIC_BOOKING_EVENTS", bookingEventsDefaults.defaultName),
    demandHourly: environment.string("KAFKA_TOPIC_DEMAND_HOURLY", demandHourlyDefaults.defaultName),
    deadLetter: environment.string("KAFKA_TOPIC_DEAD_LETTER", `${applicationId}.dead-letter`),
    late: environment.optional("KAFKA_TOPIC_LATE"),
    sessionTimeoutMs: environment.integer("KAFKA_SESSION_TIMEOUT_MS", seconds(45), 1_000),
    graceMs,
    idleCloseMs: environment.integer("DEMAND_IDLE_CLOSE_MS", minutes(1), 0),
    maxAheadMs: environment.integer("DEMAND_MAX_AHEAD_MS", graceMs, 0),
    defaultCapacity: environment.optionalInteger("DEMAND_DEFAULT_CAPACITY", 1, 2 ** 31 - 1),
    timeZone: environment.timeZone("VENUE_TIME_ZONE", "UTC"),
    guarantee: environment.oneOf("PROCESSING_GUARANTEE", "exactly_once", ["exactly_once", "at_least_once"]),
    commitIntervalMs: environment.optionalInteger("COMMIT_INTERVAL_MS", 0),
    http: port === undefined ? undefined : { host: environment.string("HTTP_HOST", "127.0.0.1"), port },
    logLevel: environment.oneOf("LOG_LEVEL", "info", ["debug", "info", "warn", "error", "silent"]),
  };
  environment.check();
  return settings;
};
