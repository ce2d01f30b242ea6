import { type Guarantee, type KafkaOptions, type LogLevel, seconds } from "@millrace/streams";
import { demandHourlyDefaults, Environment, kafkaSettings } from "@millrace/venue";
import { mongodbUri } from "./mongodb-uri.ts";
import type { SurgePolicy } from "./surge-policy.ts";

/** Everything that `millrace-surge` reads from its environment. */
export interface SurgeSettings {
  readonly kafka: KafkaOptions;
  readonly registryUrl: string;
  /** Undefined only in a dry run: there are no configs to decide on then. */
  readonly mongodbUri: string | undefined;
  readonly applicationId: string;
  readonly demandHourly: string;
  readonly deadLetter: string;
  readonly sessionTimeoutMs: number;
  readonly timeZone: string;
  readonly policy: SurgePolicy;
  /** How long it is remembered which metrics were applied. */
  readonly processedEventsTtlDays: number;
  readonly guarantee: Guarantee;
  readonly commitIntervalMs: number | undefined;
  readonly http: { readonly host: string; readonly port: number } | undefined;
  readonly logLevel: LogLevel | "silent";
}

/** A TTL index holds its seconds in 32 bits. */
const mostTtlDays = Math.floor((2 ** 31 - 1) / (24 * 60 * 60));

/** Throws an EnvironmentError with a line for each variable that can't be used. */
export const surgeSettings = (variables: Readonly<Record<string, string | undefined>>): SurgeSettings => {
  const environment = new Environment(variables);
  const applicationId = environment.string("KAFKA_GROUP_ID_UPDATER", "surge-updater");
  const port = environment.optionalInteger("HTTP_PORT", 0, 65_535);
  const policy = surgePolicy(environment);
  const settings: SurgeSettings = {
    kafka: kafkaSettings(environment, applicationId),
    registryUrl: environment.url("SCHEMA_REGISTRY_URL", "the URL of a schema registry"),
    mongodbUri: mongodbUri(environment, { optional: policy.dryRun }),
    applicationId,
    demandHourly: environment.string("KAFKA_TOPIC_DEMAND_HOURLY", demandHourlyDefaults.defaultName),
    deadLetter: environment.string("KAFKA_TOPIC_DEAD_LETTER", `${applicationId}.dead-letter`),
    sessionTimeoutMs: environment.integer("KAFKA_SESSION_TIMEOUT_MS", seconds(45), 1_000),
    timeZone: environment.timeZone("VENUE_TIME_ZONE", "UTC"),
    policy,
    processedEventsTtlDays: environment.integer("PROCESSED_EVENTS_TTL_DAYS", 7, 1, mostTtlDays),
    guarantee: environment.oneOf("PROCESSING_GUARANTEE", "exactly_once", ["exactly_once", "at_least_once"]),
    commitIntervalMs: environment.optionalInteger("COMMIT_INTERVAL_MS", 0),
    http: port === undefined ? undefined : { host: environment.string("HTTP_HOST", "127.0.0.1"), port },
    logLevel: environment.oneOf("LOG_LEVEL", "info", ["debug", "info", "warn", "error", "silent"]),
  };
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
