import type { SimulatedLog } from "./simulated-log.ts";

/** A topic of the cluster. */
export interface SimulatedTopic {
  readonly name: string;
  readonly topicId: string;
  readonly replicationFactor: number;
  /** All that are in effect. */
  readonly configs: Map<string, string>;
  /** Those of them that it was created with. */
  readonly ownConfigs: ReadonlyMap<string, string>;
  /** By partition. */
  readonly logs: SimulatedLog[];
  /** Node that leads each partition; -1 while there is none. */
  readonly leaders: number[];
  readonly leaderEpochs: number[];
}

/** Of topics that say nothing of it. */
export const defaultReplicationFactor = 1;

/** What brokers say where nothing else is configured. */
export const topicDefaults: readonly (readonly [string, string])[] = [
  ["cleanup.policy", "delete"],
  ["max.message.bytes", "1048588"],
  ["message.timestamp.type", "CreateTime"],
  ["message.timestamp.before.max.ms", "9223372036854775807"],
  ["message.timestamp.after.max.ms", "3600000"],
  ["min.insync.replicas", "1"],
  ["retention.ms", "604800000"],
];
