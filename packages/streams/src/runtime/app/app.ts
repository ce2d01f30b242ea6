import type { Serializer } from "../../serde.ts";
import type { SomeStoreDefinition } from "../../state/store-definition.ts";
import type { Topology } from "../../topology.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { QueriedStore, QueryableDefinition } from "../query/queried-store.ts";
import type { QueryOptions } from "../query/query-options.ts";
import type { KeyHosts, KeyPartitioner, StoreHost } from "../query/store-hosts.ts";
import type { AppState } from "../settings/app-state.ts";

/** How to stop. */
export interface StopOptions {
  /** After this long, ms, it stops waiting for the commit: what that would have held is done again by whoever comes next. */
  readonly timeoutMs?: number;
  /**
   * A static member (`instanceId`) leaves the group at once, too (`KafkaStreams.CloseOptions.leaveGroup`); otherwise the
   * group keeps its tasks for it until its session ends.
   */
  readonly leaveGroup?: boolean;
}

/** A topology that runs (Kafka Streams' `KafkaStreams`). */
export interface App {
  readonly applicationId: string;
  /** What it runs. */
  readonly topology: Topology;
  /** `running` says that every task this process has been given takes records. */
  readonly state: AppState;
  readonly metrics: Metrics;
  /**
   * Tasks that process, tasks that do not yet, or not again, and those of which this member keeps standbys: ids as
   * `<sub-topology>_<partition>`.
   */
  readonly tasks: {
    readonly active: readonly string[];
    readonly restoring: readonly string[];
    readonly standby: readonly string[];
  };
  /** Records between what was processed and the end of the log, by `topic-partition`. */
  readonly lag: ReadonlyMap<string, number>;
  /** Records of changelogs that this member's standbys lack, by task (`KafkaStreams.allLocalStorePartitionLags`). */
  readonly standbyLag: ReadonlyMap<string, number>;
  /**
   * Stores that are being read back from their changelogs before their tasks process, each with the records that it has
   * read and those that are left, at most (`StateRestoreListener`).
   */
  readonly restores: readonly {
    readonly task: string;
    readonly store: string;
    readonly restored: number;
    readonly remaining: number;
  }[];
  /** What ended it, in state `error`. */
  readonly failure: Error | undefined;
  /**
   * The members that have a store, as the last rebalance left it, of those that say where they can be asked
   * (`applicationServer`): `KafkaStreams.streamsMetadataForStore`. Throws STORE_UNKNOWN for what the topology does not
   * have. Empty before this is a member.
   */
  storeHosts(store: SomeStoreDefinition | string): readonly StoreHost[];
  /**
   * The members that have a key of a store (`KafkaStreams.queryMetadataForKey`): the one that works on it, and those with
   * standbys. `partitioner`: where records were not sent by the default partitioner of their keys' bytes. Throws
   * STORE_UNKNOWN, and NULL_KEY for a key whose serde writes none.
   */
  hostsForKey<K>(
    store: { readonly name: string; readonly key: Serializer<K> } | string,
    key: K,
    partitioner?: KeyPartitioner<K>,
  ): KeyHosts;
  /**
   * A store of its topology, to be read only (`KafkaStreams.store`): by a definition, with its types, or by its name and
   * `store<KeyValueStoreDefinition<string, number>>(name)`. Shows all partitions that this member works on at each read,
   * with `stale` also those of which it keeps standbys; what is read in one turn of the event loop, before the next `await`,
   * belongs together. Throws STORE_UNKNOWN for what the
   * topology does not have; reads throw STORE_NOT_OPEN while the application is not at work, STORE_RESTORING (retriable)
   * where a partition is being restored, and STORE_ELSEWHERE where another member has the key or partition.
   */
  store<D extends QueryableDefinition>(store: D | string, options?: QueryOptions): QueriedStore<D>;
  /**
   * Connects, checks and creates topics, joins the group. Resolves when it is a member; rejects, in state `error`,
   * with a MillraceError that says what to do, and with code `STOPPED` when it is told to stop before that.
   */
  start(): Promise<void>;
  /**
   * Commits and leaves (`KafkaStreams.close(CloseOptions)`). Resolves when everything is closed; calling it again waits
   * for the same.
   */
  stop(options?: StopOptions): Promise<void>;
  /** Tells of each change of state; answers a function that ends it. */
  onState(listener: (state: AppState, before: AppState) => void): () => void;
  /**
   * Resolves when it has stopped; rejects with what ended it. If nobody calls it and the process comes to its end, that
   * is printed, and the exit code is 1.
   */
  done(): Promise<void>;
}
