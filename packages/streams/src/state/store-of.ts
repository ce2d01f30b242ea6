import type { JoinStore } from "./join-store.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import type { SessionStore } from "./session-store.ts";
import type {
  JoinStoreDefinition,
  KeyValueStoreDefinition,
  SessionStoreDefinition,
  VersionedStoreDefinition,
  WindowStoreDefinition,
} from "./store-definition.ts";
import type { VersionedStore } from "./versioned-store.ts";
import type { WindowStore } from "./window-store.ts";

/** The store that a definition opens, with its types. */
export type StoreOf<D> =
  D extends KeyValueStoreDefinition<infer K, infer V>
    ? KeyValueStore<K, V>
    : D extends WindowStoreDefinition<infer K, infer V>
      ? WindowStore<K, V>
      : D extends SessionStoreDefinition<infer K, infer V>
        ? SessionStore<K, V>
        : D extends JoinStoreDefinition<infer K, infer V>
          ? JoinStore<K, V>
          : D extends VersionedStoreDefinition<infer K, infer V>
            ? VersionedStore<K, V>
            : never;
