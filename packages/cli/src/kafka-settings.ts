import { kafkaSettings as fromEnvironment } from "@millrace/service/settings";
import type { KafkaOptions } from "@millrace/streams";
import { checkedSettings, type Variables } from "./checked-settings.ts";
import { usageError } from "./usage-error.ts";

/**
 * How to reach Kafka: `--brokers` or `KAFKA_BROKERS`, `KAFKA_SSL` and `KAFKA_SSL_*`, `KAFKA_SASL_*`. Throws a
 * MillraceError `USAGE` on what can't be used.
 */
export const kafkaSettings = (brokers: string | undefined, variables: Variables): KafkaOptions => {
  if ((brokers ?? variables["KAFKA_BROKERS"] ?? "") === "")
    throw usageError("no brokers: give --brokers host:port, or set KAFKA_BROKERS");
  const given = { flag: "--brokers", variable: "KAFKA_BROKERS", value: brokers };
  const settings = checkedSettings(variables, given, (environment) =>
    fromEnvironment(environment, "millrace-cli"),
  );
  // Somebody waits at a terminal.
  return { ...settings, connectTimeoutMs: 4_000 };
};
