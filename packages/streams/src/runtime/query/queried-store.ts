import type { ReadOnlyKeyValueStore } from "../../state/key-value-store.ts";
import type { ReadOnlySessionStore } from "../../state/session-store.ts";
import type {
  KeyValueStoreDefinition,
  SessionStoreDefinition,
  VersionedStoreDefinition,
  WindowStoreDefinition,
} from "../../state/store-definition.ts";
import type { ReadOnlyVersionedStore } from "../../state/versioned-store.ts";
import type { ReadOnlyWindowStore } from "../../state/window-store.ts";

/** Definitions of stores that can be read from outside: all kinds but those of the sides of a stream-stream join. */
export type QueryableDefinition =
  | Pick<KeyValueStoreDefinition, "kind" | "name" | "changelog">
  | Pick<WindowStoreDefinition, "kind" | "name" | "changelog" | "windowSize" | "retention">
  | Pick<SessionStoreDefinition, "kind" | "name" | "changelog" | "retention">
  | Pick<VersionedStoreDefinition, "kind" | "name" | "changelog" | "historyRetention">;

/** What the partitions of a store say of themselves. */
export interface StorePositions {
  /** The partitions that this member has now, ascending; none of a global table, of which it has all. */
  readonly partitions: readonly number[];
  /**
   * How much of its changelog each of them includes as committed: the next offset after it; -1 where that is not known
   * (`StateQueryResult.getPosition`).
   */
  readonly positions: ReadonlyMap<number, number>;
}

/** What a store of that definition answers to who reads it from outside. */
export type QueriedStore<D> = StorePositions &
  (D extends KeyValueStoreDefinition<infer K, infer V>
    ? ReadOnlyKeyValueStore<K, V>
    : D extends WindowStoreDefinition<infer K, infer V>
      ? ReadOnlyWindowStore<K, V>
      : D extends SessionStoreDefinition<infer K, infer V>
        ? ReadOnlySessionStore<K, V>
        : D extends VersionedStoreDefinition<infer K, infer V>
          ? ReadOnlyVersionedStore<K, V>
          : never);
