import type { Serde } from "../serde.ts";
import { DirtyList } from "./dirty-list.ts";
import { Entry } from "./entry.ts";
import { keyIdentity } from "./key-identity.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import type { ChangelogWriter } from "./state-store.ts";
import type { KeyValueStoreDefinition } from "./store-definition.ts";
import { deletedAt, type StoreHooks } from "./store-hooks.ts";

/** A key-value store in a Map, one entry object per key, written to the changelog once per key and flush. */
export class MemoryKeyValueStore<K, V> implements KeyValueStore<K, V> {
  readonly name: string;
  readonly #key: Serde<K>;
  readonly #value: Serde<V>;
  readonly #hooks: StoreHooks<K, V>;
  readonly #identity: (key: K) => unknown;
  readonly #entries = new Map<unknown, Entry<K, V>>();
  readonly #dirty = new DirtyList<K, V>();
  /** Entries by the bytes of their keys, for iteration; undefined after a key came or went. */
  #sorted: readonly Entry<K, V>[] | undefined;

  constructor(definition: KeyValueStoreDefinition<K, V>, hooks: StoreHooks<K, V>) {
    this.name = definition.name;
    this.#key = definition.key;
    this.#value = definition.value;
    this.#hooks = hooks;
    this.#identity = keyIdentity(definition.key);
  }

  get dirty(): boolean {
    return this.#dirty.size > 0;
  }

  /** The row itself, for operators that also need its timestamp. */
  entry(key: K): Entry<K, V> | undefined {
    const entry = this.#entries.get(this.#identity(key));
    return entry?.value === undefined ? undefined : entry;
  }

  get(key: K): V | undefined {
    return this.#entries.get(this.#identity(key))?.value;
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  put(key: K, value: V, timestamp: number = this.#hooks.timestamp()): void {
    this.#set(key, value, timestamp);
  }

  delete(key: K, timestamp: number = this.#hooks.timestamp()): void {
    this.#set(key, undefined, timestamp);
  }

  #set(key: K, value: V | undefined, timestamp: number): void {
    const id = this.#identity(key);
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      entry = new Entry<K, V>(key, 0, undefined, timestamp);
      this.#entries.set(id, entry);
    }
    if ((entry.value === undefined) !== (value === undefined)) this.#sorted = undefined;
    entry.value = value;
    entry.timestamp = timestamp;
    this.#dirty.touch(entry);
    if (this.#hooks.writeThrough !== undefined) this.flush(this.#hooks.writeThrough);
  }

  flush(writer: ChangelogWriter): void {
    this.#dirty.drain((entry) => {
      const { value } = entry;
      if (value === undefined) this.#entries.delete(this.#identity(entry.key));
      const old = entry.flushed;
      entry.flushed = value;
      // A row that came and went between two flushes was never there; with the cache off the JVM tells of it all the same.
      if (value === undefined && old === undefined && this.#hooks.writeThrough === undefined) return;
      if (value === undefined) writer(this.#bytes(entry), null, deletedAt(entry, this.#hooks));
      else writer(this.#bytes(entry), this.#value.serialize(value), entry.timestamp);
      this.#hooks.onFlush?.(entry, old);
    });
  }

  restore(key: Buffer, value: Buffer | null, timestamp: number): void {
    const k = this.#key.deserialize(key, 0, key.length);
    const id = this.#identity(k);
    this.#sorted = undefined;
    if (value === null) {
      this.#entries.delete(id);
      return;
    }
    const entry = new Entry<K, V>(k, 0, this.#value.deserialize(value, 0, value.length), timestamp);
    entry.flushed = entry.value;
    this.#entries.set(id, entry);
  }

  approximateEntries(): number {
    return this.#entries.size;
  }

  *all(): Iterable<readonly [K, V]> {
    for (const entry of this.#ordered()) if (entry.value !== undefined) yield [entry.key, entry.value];
  }

  *range(from: K, to: K): Iterable<readonly [K, V]> {
    const low = this.#serialized(from);
    const high = this.#serialized(to);
    for (const entry of this.#ordered()) {
      if (Buffer.compare(this.#bytes(entry), high) > 0) return;
      if (entry.value !== undefined && Buffer.compare(this.#bytes(entry), low) >= 0)
        yield [entry.key, entry.value];
    }
  }

  #ordered(): readonly Entry<K, V>[] {
    this.#sorted ??= [...this.#entries.values()]
      .filter((entry) => entry.value !== undefined)
      .toSorted((a, b) => Buffer.compare(this.#bytes(a), this.#bytes(b)));
    return this.#sorted;
  }

  #bytes(entry: Entry<K, V>): Uint8Array {
    return (entry.keyBytes ??= this.#serialized(entry.key));
  }

  #serialized(key: K): Uint8Array {
    const bytes = this.#key.serialize(key);
    if (bytes === null) throw new TypeError(`store "${this.name}" takes no null key`);
    return bytes;
  }
}
