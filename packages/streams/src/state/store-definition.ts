import type { Serde } from "../serde.ts";

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
}

/** A store by key and window start (Kafka Streams' `Stores.windowStoreBuilder`). */
export interface WindowStoreDefinition<K = unknown, V = unknown> extends StoreBasics<K, V> {
  readonly kind: "window";
  /** Length of a window, ms. */
  readonly windowSize: number;
  /** How long a window is kept after its start, in stream time of the store, ms; at least size + grace. */
  readonly retention: number;
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

export interface StoreOptions<K, V> {
  readonly key: Serde<K>;
  readonly value: Serde<V>;
  /** False: lost with the process, no changelog topic. */
  readonly changelog?: boolean;
}

/** Defines a store for a processor. Two processors that name the same definition share the store of their task. */
export const keyValueStore = <K, V>(
  name: string,
  options: StoreOptions<K, V>,
): KeyValueStoreDefinition<K, V> => ({ changelog: true, ...options, kind: "keyValue", name });

/** Defines a window store for a processor; `windowSize` and `retention` in ms. */
export const windowStore = <K, V>(
  name: string,
  options: StoreOptions<K, V> & { readonly windowSize: number; readonly retention: number },
): WindowStoreDefinition<K, V> => {
  if (options.retention < options.windowSize)
    throw new RangeError(
      `store "${name}" keeps windows for ${options.retention} ms, less than their size of ${options.windowSize} ms`,
    );
  return { changelog: true, ...options, kind: "window", name };
};
