import type { KeyValueStore } from "./key-value-store.ts";
import type { KeyValueStoreDefinition, WindowStoreDefinition } from "./store-definition.ts";
import type { WindowStore } from "./window-store.ts";

/** The store that a definition opens, with its types. */
export type StoreOf<D> =
  D extends KeyValueStoreDefinition<infer K, infer V>
    ? KeyValueStore<K, V>
    : D extends WindowStoreDefinition<infer K, infer V>
      ? WindowStore<K, V>
      : never;
