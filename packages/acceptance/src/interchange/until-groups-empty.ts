import { Kafka, logLevel } from "kafkajs";

/** Between two looks. */
const pauseMs = 200;

/**
 * Waits until no member is left in these groups: one that was killed stays until its session ends, and the JVM, which can't
 * join a group of another engine, does not wait for that.
 */
export const untilGroupsEmpty = async (brokers: string, groups: readonly string[]): Promise<void> => {
  if (groups.length === 0) return;
  const admin = new Kafka({ brokers: brokers.split(","), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    for (;;) {
      const described = await admin.describeGroups([...groups]);
      if (described.groups.every(({ members }) => members.length === 0)) return;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  } finally {
    await admin.disconnect();
  }
};
