import { MemoryKeyValueStore } from "../../state/memory-key-value-store.ts";
import { MemoryWindowStore } from "../../state/memory-window-store.ts";
import type { Entry } from "../../state/entry.ts";
import type { KeyValueStore } from "../../state/key-value-store.ts";
import type { ChangelogWriter, StateStore } from "../../state/state-store.ts";
import type { StoreDefinition } from "../../state/store-definition.ts";
import type { StoreHooks } from "../../state/store-hooks.ts";
import type { WindowStore } from "../../state/window-store.ts";

interface OpenStore {
  readonly definition: StoreDefinition;
  readonly store: StateStore;
  readonly hooks: StoreHooks<unknown, unknown>;
  readonly write: ChangelogWriter;
}

/** Writes to the changelog of a store. */
export type WriteChangelog = (
  store: string,
  key: Uint8Array,
  value: Uint8Array | null,
  timestamp: number,
) => void;

/** The stores of one task, in the order of the topology: flushing one may make a later one dirty. */
export class TaskStores {
  readonly #stores = new Map<string, OpenStore>();

  constructor(
    definitions: readonly StoreDefinition[],
    timestamp: () => number,
    writeChangelog: WriteChangelog,
    caching: boolean,
    expireInChangelog: boolean,
  ) {
    for (const definition of definitions) {
      const write: ChangelogWriter = definition.changelog
        ? (key, value, at) => writeChangelog(definition.name, key, value, at)
        : () => undefined;
      const hooks: StoreHooks<unknown, unknown> = {
        timestamp,
        writeThrough: caching ? undefined : write,
        expireInChangelog,
      };
      const store =
        definition.kind === "keyValue"
          ? new MemoryKeyValueStore(definition, hooks)
          : new MemoryWindowStore(definition, hooks);
      this.#stores.set(definition.name, { definition, store, hooks, write });
    }
  }

  get(name: string): StateStore {
    return this.#open(name).store;
  }

  keyValue<K, V>(name: string): KeyValueStore<K, V> {
    const { store } = this.#open(name);
    if (store instanceof MemoryKeyValueStore) return store as KeyValueStore<K, V>;
    throw new Error(`store "${name}" is not a key-value store`);
  }

  window<K, V>(name: string): WindowStore<K, V> {
    const { store } = this.#open(name);
    if (store instanceof MemoryWindowStore) return store as WindowStore<K, V>;
    throw new Error(`store "${name}" is not a window store`);
  }

  onFlush<K, V>(name: string, listener: (entry: Entry<K, V>, old: V | undefined) => void): void {
    this.#open(name).hooks.onFlush = listener as (entry: Entry<unknown, unknown>, old: unknown) => void;
  }

  get dirty(): boolean {
    for (const { store } of this.#stores.values()) if (store.dirty) return true;
    return false;
  }

  flush(): void {
    for (const { store, write } of this.#stores.values()) if (store.dirty) store.flush(write);
  }

  #open(name: string): OpenStore {
    const open = this.#stores.get(name);
    if (open === undefined)
      throw new Error(`there is no store "${name}" in this task; name it among the processor's stores`);
    return open;
  }
}
