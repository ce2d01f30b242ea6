import { MillraceError } from "../../errors.ts";
import type { ErasedSerde } from "../../serde.ts";
import type { SomeStoreDefinition } from "../../state/store-definition.ts";
import type { Topology } from "../../topology.ts";
import { partitionForKey } from "../../transport/murmur2.ts";
import type { AssignedPartitions } from "../group/assigned-partitions.ts";
import type { HostTasks } from "../group/host-tasks.ts";
import type { TopicPlan } from "../topics/plan.ts";

/** A member that can be asked for a store (Kafka Streams' `StreamsMetadata`). */
export interface StoreHost {
  /** Its `applicationServer`, "host:port". */
  readonly host: string;
  /** Partitions of the store that it works on: what it answers is up to date. */
  readonly active: readonly number[];
  /** Partitions of which it keeps standbys: what it answers may be a little behind. */
  readonly standby: readonly number[];
}

/** Who has a key of a store (Kafka Streams' `KeyQueryMetadata`). */
export interface KeyHosts {
  readonly partition: number;
  /** Undefined while nobody who can be asked has it: it is on its way to another member. */
  readonly active: string | undefined;
  readonly standbys: readonly string[];
}

/** How the records of a store's key found their partition, where it was not the default partitioner's choice. */
export type KeyPartitioner<K> = (key: K, partitions: number) => number;

/** What there is to look into. */
export interface StoreHostsOptions {
  readonly topology: Topology;
  readonly plan: Pick<TopicPlan, "tasks">;
  readonly hosts: readonly HostTasks[];
  /** This member's own. */
  readonly applicationServer: string | undefined;
}

/**
 * Members that have a store, in the order of their names; all of them for a global table's store, with no partitions.
 * Throws STORE_UNKNOWN.
 */
export const storeHosts = (
  { topology, hosts }: StoreHostsOptions,
  store: SomeStoreDefinition | string,
): readonly StoreHost[] => {
  const { identity } = placeOf(topology, store);
  const all = hosts.toSorted((a, b) => (a.endpoint < b.endpoint ? -1 : 1));
  if (identity === undefined) return all.map(({ endpoint }) => ({ host: endpoint, active: [], standby: [] }));
  return all
    .map(({ endpoint, tasks, standbys }) => ({
      host: endpoint,
      active: partitionsOf(identity, tasks),
      standby: partitionsOf(identity, standbys),
    }))
    .filter(({ active, standby }) => active.length + standby.length > 0);
};

/** Who has the key. Of a global table's store everybody does, this member first. Throws STORE_UNKNOWN. */
export const hostsForKey = (
  options: StoreHostsOptions,
  store: SomeStoreDefinition | string,
  key: unknown,
  partitioner: KeyPartitioner<unknown> | undefined,
): KeyHosts => {
  const { topology, plan, applicationServer } = options;
  const { identity, id, key: serde } = placeOf(topology, store);
  const hosts = storeHosts(options, store);
  if (identity === undefined)
    return { partition: 0, active: applicationServer ?? hosts[0]?.host, standbys: [] };
  const partitions = plan.tasks[id] ?? 0;
  const partition =
    partitioner === undefined ? defaultPartition(serde, key, partitions) : partitioner(key, partitions);
  return {
    partition,
    active: hosts.find(({ active }) => active.includes(partition))?.host,
    standbys: hosts.filter(({ standby }) => standby.includes(partition)).map(({ host }) => host),
  };
};

const partitionsOf = (identity: string, tasks: readonly AssignedPartitions[]): readonly number[] =>
  tasks.filter((task) => task.identity === identity).flatMap(({ partitions }) => partitions);

const defaultPartition = (serde: ErasedSerde, key: unknown, partitions: number): number => {
  const bytes = serde.serialize(key);
  if (bytes === null) throw new MillraceError("a null key belongs to no partition", { code: "NULL_KEY" });
  return partitionForKey(serde.partitionBytes?.(bytes) ?? bytes, partitions);
};

interface Place {
  /** Of the sub-topology that keeps the store; undefined for a global table's. */
  readonly identity: string | undefined;
  readonly id: number;
  readonly key: ErasedSerde;
}

const placeOf = (
  { name: topology, subTopologies, globals }: Topology,
  store: SomeStoreDefinition | string,
): Place => {
  const name = typeof store === "string" ? store : store.name;
  for (const { identity, id, stores } of subTopologies) {
    const found = stores.find((candidate) => candidate.name === name);
    if (found !== undefined) return { identity, id, key: found.key };
  }
  for (const { role } of globals)
    if (role.type === "global" && role.store.name === name)
      return { identity: undefined, id: -1, key: role.store.key };
  throw new MillraceError(`store "${name}" has no hosts: "${topology}" has no store of that name`, {
    code: "STORE_UNKNOWN",
  });
};
