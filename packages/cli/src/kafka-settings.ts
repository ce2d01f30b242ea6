import { Environment, EnvironmentError, kafkaSettings as fromEnvironment } from "@millrace/service/settings";
import type { KafkaOptions } from "@millrace/streams";
import { usageError } from "./usage-error.ts";

/** Environment variables; an empty one counts as not set. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * How to reach Kafka: `--brokers` or `KAFKA_BROKERS`, `KAFKA_SSL` and `KAFKA_SSL_*`, `KAFKA_SASL_*`. Throws a
 * MillraceError `USAGE` on what can't be used.
 */
export const kafkaSettings = (brokers: string | undefined, variables: Variables): KafkaOptions => {
  const list = brokers ?? variables["KAFKA_BROKERS"] ?? "";
  if (list === "") throw usageError("no brokers: give --brokers host:port, or set KAFKA_BROKERS");
  const environment = new Environment({ ...variables, KAFKA_BROKERS: list });
  const settings = fromEnvironment(environment, "millrace-cli");
  try {
    environment.check();
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    const problems = error.problems.map((problem) =>
      brokers === undefined ? problem : problem.replace(/^KAFKA_BROKERS /, "--brokers "),
    );
    throw usageError(problems.join("\n"));
  }
  // Somebody waits at a terminal.
  return { ...settings, connectTimeoutMs: 4_000 };
};
