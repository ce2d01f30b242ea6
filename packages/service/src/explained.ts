import { TransportError } from "@millrace/streams";

/** Errors of Kafka that a setting of ours brings about, and what to do about them. */
const advice: Readonly<Record<string, string>> = {
  INVALID_SESSION_TIMEOUT:
    "KAFKA_SESSION_TIMEOUT_MS is outside of what the broker allows: its group.min.session.timeout.ms (6000 unless " +
    "set) to group.max.session.timeout.ms (1800000)",
  INVALID_TRANSACTION_TIMEOUT:
    "the broker's transaction.max.timeout.ms is below the 10000 of this service's transactions: raise it there",
  GROUP_AUTHORIZATION_FAILED: "this user needs READ on the consumer group, whose name is the application id",
  TOPIC_AUTHORIZATION_FAILED:
    "this user needs READ and WRITE on the topics, and CREATE for those that begin with the application id",
  CLUSTER_AUTHORIZATION_FAILED:
    "this user needs IDEMPOTENT_WRITE on the cluster, or on Kafka 3.0 and later none",
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
    "this user needs WRITE on transactional ids that begin with the application id; or set " +
    "PROCESSING_GUARANTEE=at_least_once",
  SASL_AUTHENTICATION_FAILED: "check KAFKA_SASL_MECHANISM, KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD",
  UNSUPPORTED_SASL_MECHANISM:
    "the broker does not take KAFKA_SASL_MECHANISM: look at its sasl.enabled.mechanisms",
};

/** The message of what ended a service, with the setting to look at where it is known. */
export const explained = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof TransportError) {
      const known = advice[cause.kafkaError];
      if (known !== undefined) return `${message}: ${known}`;
    }
  return message;
};
