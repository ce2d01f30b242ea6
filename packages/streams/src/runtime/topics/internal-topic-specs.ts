import type { StoreDefinition } from "../../state/store-definition.ts";
import type { TopicSpec } from "../../transport/transport.ts";
import { changelogTopic } from "./internal-topic-names.ts";

/** Kafka Streams' `windowstore.changelog.additional.retention.ms`: stream time may be behind. */
export const additionalRetentionMs = 86_400_000;

const forEver = String(2n ** 63n - 1n);

/**
 * Internal topics take whatever time a record has: brokers refuse those more than an hour ahead otherwise (KIP-937).
 * Only Kafka 3.6 and later know these, and need them.
 */
export const anyTimestamp: Readonly<Record<string, string>> = {
  "message.timestamp.before.max.ms": forEver,
  "message.timestamp.after.max.ms": forEver,
};

/** The topic that a store is restored from. */
export const changelogSpec = (
  applicationId: string,
  store: StoreDefinition,
  partitions: number,
): TopicSpec => ({
  topic: changelogTopic(applicationId, store),
  partitions,
  // Not "compact,delete" as on the JVM: expired windows are deleted by tombstones.
  configs: {
    "cleanup.policy": "compact",
    "message.timestamp.type": "CreateTime",
    // Versions are records of one key: the broker may leave the last one only of what is no history any more.
    ...(store.kind === "versioned" && {
      "min.compaction.lag.ms": Number.isFinite(store.historyRetention)
        ? String(store.historyRetention + additionalRetentionMs)
        : forEver,
    }),
    ...anyTimestamp,
    ...store.changelogConfigs,
  },
});

/** The topic between two sub-topologies. */
export const repartitionSpec = (topic: string, partitions: number): TopicSpec => ({
  topic,
  partitions,
  configs: {
    "cleanup.policy": "delete",
    // Deleted by DeleteRecords once committed, never by time: old records must survive a replay.
    "retention.ms": "-1",
    "segment.bytes": "52428800",
    "message.timestamp.type": "CreateTime",
    ...anyTimestamp,
  },
});
