import type { Serde } from "../serde.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import type { StateStore } from "./state-store.ts";
import type { StoreHooks } from "./store-hooks.ts";
import type { WindowStore } from "./window-store.ts";

/**
 * Makes a store of one's own for one task. It must pass `storeContract` of `@millrace/streams/testing`, and write what
 * changes to `hooks.write`.
 */
export type StoreFactory<D, S> = (definition: D, hooks: StoreHooks) => S & StateStore;

interface StoreBasics<K, V> {
  /** Names the changelog topic, `<application id>-<name>-changelog`. Renaming loses the state. */
  readonly name: string;
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  /** Written to a changelog topic and restored from it; true unless said otherwise. */
  readonly changelog: boolean;
}

/** A store by key (Kafka Streams' `Stores.keyValueStoreBuilder`). */
export interface KeyValueStoreDefinition<K = unknown, V = unknown> extends StoreBasics<K, V> {
  readonly kind: "keyValue";
  /** Makes the store of one task, in place of the built-in one (Kafka Streams' `StoreSupplier`). */
  readonly open?: StoreFactory<KeyValueStoreDefinition<K, V>, KeyValueStore<K, V>>;
}

/** A store by key and window start (Kafka Streams' `Stores.windowStoreBuilder`). */
export interface WindowStoreDefinition<K = unknown, V = unknown> extends StoreBasics<K, V> {
  readonly kind: "window";
  /** Length of a window, ms. */
  readonly windowSize: number;
  /** How long a window is kept after its start, in stream time of the store, ms; at least size + grace. */
  readonly retention: number;
  /** Makes the store of one task, in place of the built-in one (Kafka Streams' `StoreSupplier`). */
  readonly open?: StoreFactory<WindowStoreDefinition<K, V>, WindowStore<K, V>>;
}

/** A store of any kind, its types forgotten. */
export type StoreDefinition = KeyValueStoreDefinition | WindowStoreDefinition;

/** What a definition of any types looks like: a constraint, not to be read through. */
export type SomeStoreDefinition =
  | Pick<KeyValueStoreDefinition, "kind" | "name" | "changelog">
  | Pick<WindowStoreDefinition, "kind" | "name" | "changelog" | "windowSize" | "retention">;

/** Forgets the types, where the topology has checked them already. */
export const erasedStore = (definition: SomeStoreDefinition): StoreDefinition =>
  definition as StoreDefinition;

export interface StoreOptions<K, V, D = unknown, S = unknown> {
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  /** False: lost with the process, no changelog topic. */
  readonly changelog?: boolean;
  /** A store of one's own, in place of the built-in one. */
  readonly open?: StoreFactory<D, S>;
}

/** Defines a store for a processor. Two processors that name the same definition share the store of their task. */
export const keyValueStore = <K, V>(
  name: string,
  options: StoreOptions<K, V, KeyValueStoreDefinition<K, V>, KeyValueStore<K, V>>,
): KeyValueStoreDefinition<K, V> => ({ changelog: true, ...options, kind: "keyValue", name });

/** Defines a window store for a processor; `windowSize` and `retention` in ms. */
export const windowStore = <K, V>(
  name: string,
  options: StoreOptions<K, V, WindowStoreDefinition<K, V>, WindowStore<K, V>> & {
    readonly windowSize: number;
    readonly retention: number;
  },
): WindowStoreDefinition<K, V> => {
  if (options.retention < options.windowSize)
    throw new RangeError(
      `store "${name}" keeps windows for ${options.retention} ms, less than their size of ${options.windowSize} ms`,
    );
  return { changelog: true, ...options, kind: "window", name };
};
