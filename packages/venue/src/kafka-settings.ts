import type { KafkaOptions } from "@millrace/streams";
import type { Environment } from "./environment.ts";

const mechanisms = ["plain", "scram-sha-256", "scram-sha-512"] as const;

/** How to reach Kafka: `KAFKA_BROKERS`, `KAFKA_CLIENT_ID`, `KAFKA_SSL`, `KAFKA_SASL_*`. */
export const kafkaSettings = (environment: Environment, clientId: string): KafkaOptions => {
  const brokers = environment.brokers("KAFKA_BROKERS");
  const options: KafkaOptions = {
    brokers,
    clientId: environment.string("KAFKA_CLIENT_ID", clientId),
    ssl: environment.boolean("KAFKA_SSL", false),
  };
  if (environment.optional("KAFKA_SASL_MECHANISM") === undefined) return options;
  const mechanism = environment.oneOf("KAFKA_SASL_MECHANISM", "plain", mechanisms);
  const username = environment.required("KAFKA_SASL_USERNAME", "set with KAFKA_SASL_MECHANISM");
  const password = environment.required("KAFKA_SASL_PASSWORD", "set with KAFKA_SASL_MECHANISM");
  if (mechanism === "plain") return { ...options, sasl: { mechanism, username, password } };
  if (mechanism === "scram-sha-256") return { ...options, sasl: { mechanism, username, password } };
  return { ...options, sasl: { mechanism, username, password } };
};
