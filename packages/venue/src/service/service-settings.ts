import { type Guarantee, type KafkaOptions, type Log, seconds } from "@millrace/streams";
import type { Environment } from "../environment.ts";
import { kafkaSettings } from "../kafka-settings.ts";
import type { LogThreshold } from "./json-log.ts";

/** What every service of the venue reads from its environment. Durations in ms. */
export interface ServiceSettings {
  readonly kafka: KafkaOptions;
  readonly registryUrl: string;
  readonly applicationId: string;
  readonly deadLetter: string;
  readonly late: string | undefined;
  readonly sessionTimeoutMs: number;
  readonly guarantee: Guarantee;
  readonly commitIntervalMs: number | undefined;
  readonly timeZone: string;
  /** Where persistent state would be: see `warnOfStateDir`. */
  readonly stateDir: string | undefined;
  readonly http: { readonly host: string; readonly port: number } | undefined;
  readonly logLevel: LogThreshold;
}

/** Reads them; the caller calls `check()`. `group` is the variable of the application id, with its default. */
export const serviceSettings = (
  environment: Environment,
  [variable, fallback]: readonly [variable: string, fallback: string],
): ServiceSettings => {
  const applicationId = environment.string(variable, fallback);
  const port = environment.optionalInteger("HTTP_PORT", 0, 65_535);
  return {
    kafka: kafkaSettings(environment, applicationId),
    registryUrl: environment.url("SCHEMA_REGISTRY_URL", "the URL of a schema registry"),
    applicationId,
    deadLetter: environment.string("KAFKA_TOPIC_DEAD_LETTER", `${applicationId}.dead-letter`),
    late: environment.optional("KAFKA_TOPIC_LATE"),
    sessionTimeoutMs: environment.integer("KAFKA_SESSION_TIMEOUT_MS", seconds(45), 1_000),
    guarantee: environment.oneOf("PROCESSING_GUARANTEE", "exactly_once", ["exactly_once", "at_least_once"]),
    commitIntervalMs: environment.optionalInteger("COMMIT_INTERVAL_MS", 0),
    timeZone: environment.timeZone("VENUE_TIME_ZONE", "UTC"),
    stateDir: environment.optional("STATE_DIR"),
    http: port === undefined ? undefined : { host: environment.string("HTTP_HOST", "127.0.0.1"), port },
    logLevel: environment.oneOf("LOG_LEVEL", "info", ["debug", "info", "warn", "error", "silent"]),
  };
};

/** A directory for state is a setting of the venue's services, and there is no persistent store to use it yet. */
export const warnOfStateDir = ({ stateDir }: ServiceSettings, log: Log): void => {
  if (stateDir !== undefined)
    log("warn", `STATE_DIR is "${stateDir}" and is not used: state is in memory, and restored from Kafka`);
};

/** The part of an application's options that follows from them. */
export const appOptionsOf = (
  settings: ServiceSettings,
): {
  readonly applicationId: string;
  readonly guarantee: Guarantee;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly deadLetterTopic: string;
  readonly lateTopic?: string;
  readonly commitIntervalMs?: number;
} => ({
  applicationId: settings.applicationId,
  guarantee: settings.guarantee,
  sessionTimeoutMs: settings.sessionTimeoutMs,
  heartbeatIntervalMs: Math.min(3_000, Math.floor(settings.sessionTimeoutMs / 3)),
  deadLetterTopic: settings.deadLetter,
  ...(settings.late !== undefined && { lateTopic: settings.late }),
  ...(settings.commitIntervalMs !== undefined && { commitIntervalMs: settings.commitIntervalMs }),
});
