import { MillraceError } from "../../errors.ts";
import type { KeyValueStore } from "../../state/key-value-store.ts";
import { openStore } from "../../state/open-store.ts";
import type { ChangelogWriter } from "../../state/state-store.ts";
import type { StoreHooks } from "../../state/store-hooks.ts";
import { erasedStore, type KeyValueStoreDefinition } from "../../state/store-definition.ts";
import type { Topology } from "../../topology.ts";
import { noHeaders } from "../../record.ts";
import type { GroupMembership } from "../../transport/group-coordinator.ts";
import type { Transport } from "../../transport/transport.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { AppOptions } from "../settings/app-options.ts";
import { appSettings } from "../settings/app-settings.ts";
import { changelogTopic } from "../topics/internal-topic-names.ts";
import { prepareTopics } from "../topics/prepare-topics.ts";
import { AppMetrics } from "../metrics/app-metrics.ts";
import { restoreWhole } from "../restore/restore-whole.ts";

/** The partitions of one store, while nobody processes. */
export interface EditableStore<K, V> {
  readonly partitions: number;
  /** The store of one partition, with all that its changelog holds. */
  partition(index: number): KeyValueStore<K, V>;
}

/** A consumer's subscription to no topic: brokers look into it. */
const emptySubscription = Buffer.from("0001000000000000000000000000", "hex");
const sessionTimeoutMs = 60_000;

/**
 * Changes a store of an application that does not run, in one transaction. While it does so no member can join. Throws
 * a MillraceError STILL_RUNNING where one is there, and whatever `edit` throws: nothing is changed then. Not in Kafka
 * Streams.
 */
export const editState = async <K, V>(
  topology: Topology,
  options: AppOptions,
  definition: KeyValueStoreDefinition<K, V>,
  edit: (store: EditableStore<K, V>) => Promise<void> | void,
): Promise<void> => {
  const settings = appSettings(options, topology.name);
  const { transport, applicationId, clock } = settings;
  const part = topology.subTopologies.find(({ stores }) => stores.includes(erasedStore(definition)));
  if (part === undefined)
    throw new MillraceError(`"${topology.name}" has no store "${definition.name}"`, { code: "NO_STORE" });
  if (definition.changelogTopic !== undefined)
    throw new MillraceError(
      `the rows of "${definition.name}" are those of the topic "${definition.changelogTopic}": write them there`,
      { code: "NO_STORE" },
    );
  await transport.connect();
  try {
    const { tasks } = await prepareTopics(topology, settings);
    const coordinator = transport.groupCoordinator(applicationId);
    const membership = await soleMember(transport, applicationId);
    try {
      const topic = changelogTopic(applicationId, definition);
      let write: ((partition: number, ...row: Parameters<ChangelogWriter>) => void) | undefined;
      const hooks = (partition: number): StoreHooks => ({
        timestamp: () => clock.now(),
        writeThrough: false,
        expireInChangelog: true,
        refused: (error) => {
          throw error;
        },
        write: (...row) => write?.(partition, ...row),
      });
      const stores = Array.from({ length: tasks[part.id] ?? 0 }, (_, partition) =>
        openStore(definition, hooks(partition)),
      );
      await restoreWhole(
        stores.map((store, partition) => ({ store, topic, partition })),
        { transport, clock, log: settings.log, metrics: new AppMetrics(topology, clock, applicationId) },
      );
      await edit({
        partitions: stores.length,
        partition: (index) => {
          const store = stores[index];
          if (store === undefined)
            throw new RangeError(`there is no partition ${index}, only ${stores.length}`);
          return store;
        },
      });
      const producer = await transport.createProducer({
        transactionalId: `${applicationId}-edit-state`,
        transactionTimeoutMs: settings.transactionTimeoutMs,
        compression: settings.compression,
      });
      try {
        await producer.prepareTopics([topic]);
        write = (partition, key, value, timestamp) =>
          producer.append(topic, partition, key, value, timestamp, noHeaders);
        for (const store of stores) store.flush();
        // Whoever took this membership away may have begun to process meanwhile.
        await coordinator.heartbeat(membership);
        await producer.flush();
      } finally {
        await producer.close();
      }
    } finally {
      await coordinator.leave(membership);
    }
  } finally {
    await transport.close();
  }
};

/** Becomes the only member of the application's group, with a protocol that none of its own members speak. */
const soleMember = async (transport: Transport, groupId: string): Promise<GroupMembership> => {
  const coordinator = transport.groupCoordinator(groupId);
  try {
    const { generationId, memberId } = await coordinator.join({
      memberId: "",
      groupInstanceId: null,
      sessionTimeoutMs,
      rebalanceTimeoutMs: sessionTimeoutMs,
      protocols: [{ name: "millrace-edit-state", metadata: emptySubscription }],
    });
    const membership = { groupId, generationId, memberId, groupInstanceId: null };
    await coordinator.sync(membership, [{ memberId, assignment: Buffer.alloc(0) }]);
    return membership;
  } catch (error) {
    if (error instanceof TransportError && error.kafkaError === "INCONSISTENT_GROUP_PROTOCOL")
      throw new MillraceError(
        `application "${groupId}" is running: stop all its members first (one that was killed is gone after its session time-out)`,
        { code: "STILL_RUNNING", cause: error },
      );
    throw error;
  }
};
