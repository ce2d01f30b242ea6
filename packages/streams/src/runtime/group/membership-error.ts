import { MillraceError, messageOf } from "../../errors.ts";

/** Why a process can't be a member of its group, and what to do. */
export const membershipError = (
  groupId: string,
  instanceId: string | undefined,
  kafkaError: string,
  cause: unknown,
): MillraceError =>
  new MillraceError(
    `can't be a member of group "${groupId}": ${messageOf(cause)}; ${advice(kafkaError, instanceId)}`,
    { code: kafkaError === "" ? "GROUP" : kafkaError, cause },
  );

const advice = (kafkaError: string, instanceId: string | undefined): string => {
  switch (kafkaError) {
    case "FENCED_INSTANCE_ID":
      return `another process is using instance id "${instanceId ?? ""}": give each its own`;
    case "INCONSISTENT_GROUP_PROTOCOL":
      return (
        "another kind of consumer is still using this group id: stop it, or choose another application id. " +
        "kafka-consumer-groups.sh --bootstrap-server BROKER --describe --members --group ID shows who it is"
      );
    case "GROUP_AUTHORIZATION_FAILED":
      return "allow it to read this group: kafka-acls.sh --bootstrap-server BROKER --add --operation READ --group ID ...";
    case "GROUP_MAX_SIZE_REACHED":
      return "the brokers' group.max.size allows no more members";
    case "INVALID_SESSION_TIMEOUT":
      return "sessionTimeoutMs must lie between the brokers' group.min.session.timeout.ms and group.max.session.timeout.ms";
    default:
      return "see the cause";
  }
};
