import type { KafkaOptions } from "@millrace/streams";
import { usageError } from "./usage-error.ts";

/** Environment variables; an empty one counts as not set. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** How to reach Kafka: `--brokers` or `KAFKA_BROKERS`, `KAFKA_SSL`, `KAFKA_SASL_*`. Throws on what can't be used. */
export const kafkaSettings = (brokers: string | undefined, variables: Variables): KafkaOptions => {
  const list = brokerList(brokers, variables["KAFKA_BROKERS"] ?? "");
  const ssl = variables["KAFKA_SSL"] || "false";
  if (ssl !== "true" && ssl !== "false")
    throw usageError(`KAFKA_SSL is "${ssl}"; it must be one of true, false`);
  const options = { brokers: list, clientId: "millrace-cli", ssl: ssl === "true" };
  const mechanism = variables["KAFKA_SASL_MECHANISM"] || undefined;
  if (mechanism === undefined) return options;
  const username = credential("KAFKA_SASL_USERNAME", variables);
  const password = credential("KAFKA_SASL_PASSWORD", variables);
  // One by one: kafkajs' type wants each mechanism by itself.
  if (mechanism === "plain") return { ...options, sasl: { mechanism, username, password } };
  if (mechanism === "scram-sha-256") return { ...options, sasl: { mechanism, username, password } };
  if (mechanism === "scram-sha-512") return { ...options, sasl: { mechanism, username, password } };
  throw usageError(
    `KAFKA_SASL_MECHANISM is "${mechanism}"; it must be one of plain, scram-sha-256, scram-sha-512`,
  );
};

const brokerList = (option: string | undefined, variable: string): readonly string[] => {
  const name = option === undefined ? "KAFKA_BROKERS" : "--brokers";
  const list = (option ?? variable)
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  if (list.length === 0) throw usageError("no brokers: give --brokers host:port, or set KAFKA_BROKERS");
  for (const entry of list)
    if (!/^[^\s:]+:\d{1,5}$/.test(entry))
      throw usageError(`${name} is "${entry}"; it must be host:port, several separated by commas`);
  return list;
};

const credential = (name: string, variables: Variables): string => {
  const value = variables[name];
  if (value === undefined || value === "")
    throw usageError(`${name} is not set; it must be set with KAFKA_SASL_MECHANISM`);
  return value;
};
