import type { Serde } from "../serde.ts";
import { type BufferedChange, bufferedChange } from "./buffered-change.ts";
import { CachedKeyValueStore } from "./cached-key-value-store.ts";
import { keyValueStore, type KeyValueStoreDefinition } from "./store-definition.ts";
import type { StoreHooks } from "./store-hooks.ts";

/** The header by which the JVM knows the format of a row; a deletion has none. */
const version = [["v", Buffer.of(3)]] as const;

/**
 * What a suppress holds back, by key (Kafka Streams' `InMemoryTimeOrderedKeyValueChangeBuffer`). Its changelog
 * is written when the task commits, also where other stores write at once. With those the JVM's aggregations tell what they
 * begin with, `initial`, as the old value of a first result: so it is told here, and stands in the changelog.
 */
export const suppressStore = <K, V>(
  name: string,
  key: Serde<K>,
  value: Serde<V>,
  initial: (() => V) | undefined,
): KeyValueStoreDefinition<K, BufferedChange<V>> =>
  keyValueStore(name, {
    key,
    value: bufferedChange(value),
    open: (definition, hooks) =>
      new SuppressStore(definition, hooks.writeThrough ? initial : undefined, {
        ...hooks,
        writeThrough: false,
        // What it tells is the change that came, and not the one of its serde.
        readsBack: false,
        tellsPassing: hooks.writeThrough,
        write: (keyBytes, valueBytes, timestamp) => {
          if (valueBytes === null) hooks.write(keyBytes, null, timestamp);
          else hooks.write(keyBytes, valueBytes, timestamp, version);
        },
      }),
  });

class SuppressStore<K, V> extends CachedKeyValueStore<K, BufferedChange<V>> {
  readonly #initial: (() => V) | undefined;

  constructor(
    definition: KeyValueStoreDefinition<K, BufferedChange<V>>,
    initial: (() => V) | undefined,
    hooks: StoreHooks,
  ) {
    super(definition, hooks);
    this.#initial = initial;
  }

  override put(key: K, change: BufferedChange<V>, timestamp?: number): void {
    super.put(key, this.#beginning(change), timestamp);
  }

  #beginning(change: BufferedChange<V>): BufferedChange<V> {
    const initial = this.#initial;
    if (initial === undefined || (change.prior !== null && change.old !== null)) return change;
    return { ...change, prior: change.prior ?? initial(), old: change.old ?? initial() };
  }
}
