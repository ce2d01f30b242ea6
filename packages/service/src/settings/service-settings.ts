import { type Guarantee, type KafkaOptions, type LogLevel, seconds } from "@millrace/streams";
import { isLoopback } from "../loopback.ts";
import type { Environment } from "./environment.ts";
import { kafkaSettings } from "./kafka-settings.ts";

/** What is logged: this level and what is graver. */
export type LogThreshold = LogLevel | "silent";

/** Where a service answers over HTTP, and what. */
export interface HttpSettings {
  readonly host: string;
  readonly port: number;
  /** Whether the rows of its stores can be read there: they may be nobody else's business. */
  readonly stores: boolean;
}

/** What every service reads from its environment. Durations in ms. */
export interface ServiceSettings {
  readonly kafka: KafkaOptions;
  readonly applicationId: string;
  /** Topic of dead letters: `KAFKA_TOPIC_DEAD_LETTER`, else `<application id>.dead-letter`. */
  readonly deadLetter: string;
  readonly late: string | undefined;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  /** Static membership: a restart within the session time-out moves no task; undefined: each start is a new member. */
  readonly instanceId: string | undefined;
  readonly guarantee: Guarantee;
  readonly commitIntervalMs: number | undefined;
  /** Folder in which state outlives the process, in one of its own for each application; undefined: it is in memory. */
  readonly stateDir: string | undefined;
  /** Other members that keep each task's state up to date. */
  readonly standbyReplicas: number;
  /** Where this process can be asked for its stores, as the others are told: "host:port". */
  readonly applicationServer: string | undefined;
  readonly http: HttpSettings | undefined;
  readonly logLevel: LogThreshold;
}

/** A transaction that is open longer is aborted by the broker: `createApp`'s default, ms. */
const transactionTimeoutMs = seconds(10);
/** The longest that a timer can be set to, and that Kafka's protocol can say: almost 25 days. */
const longestMs = 2 ** 31 - 1;

/**
 * Reads them, and checks them against each other; the caller calls `environment.check()`. `group` is the variable of
 * the application id, with its default.
 */
export const serviceSettings = (
  environment: Environment,
  [variable, fallback]: readonly [variable: string, fallback: string],
): ServiceSettings => {
  const applicationId = environment.topic(variable, fallback, 180);
  const port = environment.optionalInteger("HTTP_PORT", 0, 65_535);
  const sessionTimeoutMs = environment.integer("KAFKA_SESSION_TIMEOUT_MS", seconds(45), 1_000, longestMs);
  const settings: ServiceSettings = {
    kafka: kafkaSettings(environment, applicationId),
    applicationId,
    deadLetter: environment.topic("KAFKA_TOPIC_DEAD_LETTER", `${applicationId}.dead-letter`),
    late: environment.optionalTopic("KAFKA_TOPIC_LATE"),
    sessionTimeoutMs,
    heartbeatIntervalMs: environment.integer(
      "KAFKA_HEARTBEAT_INTERVAL_MS",
      Math.min(seconds(3), Math.floor(sessionTimeoutMs / 3)),
      1,
      longestMs,
    ),
    instanceId: environment.optionalTopic("KAFKA_GROUP_INSTANCE_ID"),
    guarantee: environment.oneOf("PROCESSING_GUARANTEE", "exactly_once", ["exactly_once", "at_least_once"]),
    commitIntervalMs: environment.optionalInteger("COMMIT_INTERVAL_MS", 0, longestMs),
    stateDir: environment.optional("STATE_DIR"),
    standbyReplicas: environment.integer("STANDBY_REPLICAS", 0, 0),
    applicationServer: environment.hostAndPort("APPLICATION_SERVER"),
    http: port === undefined ? undefined : httpSettings(environment, port),
    logLevel: environment.oneOf("LOG_LEVEL", "info", ["debug", "info", "warn", "error", "silent"]),
  };
  checkTogether(environment, settings);
  return settings;
};

const httpSettings = (environment: Environment, port: number): HttpSettings => {
  const host = environment.string("HTTP_HOST", "127.0.0.1");
  return { host, port, stores: environment.boolean("HTTP_STORES", isLoopback(host)) };
};

const checkTogether = (environment: Environment, settings: ServiceSettings): void => {
  const { heartbeatIntervalMs, sessionTimeoutMs, guarantee, commitIntervalMs } = settings;
  if (heartbeatIntervalMs * 2 > sessionTimeoutMs)
    environment.problem(
      `KAFKA_HEARTBEAT_INTERVAL_MS is ${heartbeatIntervalMs}; it must be at most half of KAFKA_SESSION_TIMEOUT_MS, ` +
        `which is ${sessionTimeoutMs}`,
    );
  if (guarantee === "exactly_once" && (commitIntervalMs ?? 0) >= transactionTimeoutMs)
    environment.problem(
      `COMMIT_INTERVAL_MS is ${commitIntervalMs}; under exactly_once it must be below ${transactionTimeoutMs}, the ` +
        "time-out of a transaction",
    );
};
