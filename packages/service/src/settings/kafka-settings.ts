import type { KafkaOptions } from "@millrace/streams";
import type { Environment } from "./environment.ts";
import { tlsSettings } from "./tls-settings.ts";

const mechanisms = ["plain", "scram-sha-256", "scram-sha-512"] as const;

/** How to reach Kafka: `KAFKA_BROKERS`, `KAFKA_CLIENT_ID`, `KAFKA_SSL` and `KAFKA_SSL_*`, `KAFKA_SASL_*`. */
export const kafkaSettings = (environment: Environment, clientId: string): KafkaOptions => {
  const options: KafkaOptions = {
    brokers: environment.brokers("KAFKA_BROKERS"),
    clientId: environment.string("KAFKA_CLIENT_ID", clientId),
    ssl: tlsSettings(environment),
  };
  if (environment.optional("KAFKA_SASL_MECHANISM") === undefined) {
    for (const name of ["KAFKA_SASL_USERNAME", "KAFKA_SASL_PASSWORD"])
      if (environment.optional(name) !== undefined)
        environment.problem(
          `${name} is set, and KAFKA_SASL_MECHANISM is not; it must be one of ${mechanisms.join(", ")}`,
        );
    return options;
  }
  const mechanism = environment.oneOf("KAFKA_SASL_MECHANISM", "plain", mechanisms);
  const username = environment.required("KAFKA_SASL_USERNAME", "set with KAFKA_SASL_MECHANISM");
  const password = environment.required("KAFKA_SASL_PASSWORD", "set with KAFKA_SASL_MECHANISM");
  // One by one: kafkajs' type wants each mechanism by itself.
  if (mechanism === "plain") return { ...options, sasl: { mechanism, username, password } };
  if (mechanism === "scram-sha-256") return { ...options, sasl: { mechanism, username, password } };
  return { ...options, sasl: { mechanism, username, password } };
};
