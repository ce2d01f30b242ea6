import { MillraceError, type Transport } from "@millrace/streams";

/** Whether there is a consumer group of that name: it has members, or has committed offsets that have not expired. */
export const isGroup = async (transport: Transport, group: string): Promise<boolean> =>
  (await transport.groupCoordinator(group).describe()).state !== "Dead";

/** What is said of an application id that no group has. */
export const noGroup = (application: string): MillraceError =>
  new MillraceError(
    `there is no group "${application}" on this cluster: no application of that id has run here, or its offsets have ` +
      "expired; look at its id (of a service: KAFKA_GROUP_ID) and at the brokers that were asked",
    { code: "GROUP_UNKNOWN" },
  );
