import type { Headers } from "../../record.ts";
import type { AnyRecord, StageNode } from "../../stages.ts";
import type { SinkTopic } from "../../topic.ts";

/** Where the results of one task go: its output, or the test driver. Topic names are those on the broker. */
export interface RecordSink {
  /** `partition` undefined: by the key's murmur2, round robin for null keys. */
  send<K, V>(
    topic: SinkTopic<K, V>,
    key: K,
    value: V,
    timestamp: number,
    headers: Headers,
    partition: number | undefined,
  ): void;
  sendBytes(
    topic: string,
    partition: number | undefined,
    key: Uint8Array | null,
    value: Uint8Array | null,
    timestamp: number,
    headers: Headers,
  ): void;
  /** To the topic between two sub-topologies. */
  sendRepartition(node: StageNode, record: AnyRecord, partition: number | undefined): void;
  /** Looks for a sink topic that the topology does not name: see `TaskContext`. */
  findTopic(topic: SinkTopic<never, never>): Promise<void> | undefined;
  /** Number of partitions of a sink topic, or of the topic of a repartition node. */
  partitionsOf(topic: string | StageNode): number;
  /** To the changelog of a store, in this task's partition. */
  writeChangelog(
    store: string,
    key: Uint8Array,
    value: Uint8Array | null,
    timestamp: number,
    headers?: Headers,
  ): void;
}
