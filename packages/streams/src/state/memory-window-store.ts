import type { Serde } from "../serde.ts";
import { DirtyList } from "./dirty-list.ts";
import { Entry } from "./entry.ts";
import { readInt64 } from "./int64.ts";
import { keyIdentity } from "./key-identity.ts";
import type { ChangelogWriter } from "./state-store.ts";
import type { WindowStoreDefinition } from "./store-definition.ts";
import { deletedAt, type StoreHooks } from "./store-hooks.ts";
import { windowStoreKey, windowStoreKeyOverhead } from "./window-key.ts";
import type { WindowedValue, WindowStore } from "./window-store.ts";

/**
 * A window store in Maps, one per window start: nearly every record hits the same few windows, and a window expires
 * by dropping its Map.
 */
export class MemoryWindowStore<K, V> implements WindowStore<K, V> {
  readonly name: string;
  readonly #key: Serde<K>;
  readonly #value: Serde<V>;
  readonly #retention: number;
  readonly #hooks: StoreHooks<K, V>;
  readonly #identity: (key: K) => unknown;
  readonly #windows = new Map<number, Map<unknown, Entry<K, V>>>();
  /** Window starts, ascending. */
  #starts: number[] = [];
  readonly #dirty = new DirtyList<K, V>();
  /** Windows that expired, whose rows are still in the changelog. */
  #expired: Iterable<Entry<K, V>>[] = [];
  #lastStart = Number.NaN;
  #lastWindow: Map<unknown, Entry<K, V>> | undefined;
  /** Greatest window start ever written: the store's own stream time (as in the JVM's stores). */
  #observed = -1;

  constructor(definition: WindowStoreDefinition<K, V>, hooks: StoreHooks<K, V>) {
    this.name = definition.name;
    this.#key = definition.key;
    this.#value = definition.value;
    this.#retention = definition.retention;
    this.#hooks = hooks;
    this.#identity = keyIdentity(definition.key);
  }

  get dirty(): boolean {
    return this.#dirty.size > 0 || this.#expired.length > 0;
  }

  /** The row of a window, also where it was deleted (its value is undefined then). */
  entry(key: K, start: number): Entry<K, V> | undefined {
    const window = start === this.#lastStart ? this.#lastWindow : this.#windows.get(start);
    return window?.get(this.#identity(key));
  }

  /** Sets a row that `entry` found: the hot path of aggregations. */
  update(entry: Entry<K, V>, value: V | undefined, timestamp: number): void {
    entry.value = value;
    entry.timestamp = timestamp;
    this.#dirty.touch(entry);
    if (this.#hooks.writeThrough !== undefined) this.flush(this.#hooks.writeThrough);
  }

  /** Adds a row that `entry` did not find; false when its window has expired already. */
  insert(key: K, start: number, value: V | undefined, timestamp: number): boolean {
    if (start > this.#observed) {
      this.#observed = start;
      this.#expire();
    } else if (this.#isExpired(start)) return false;
    const entry = new Entry<K, V>(key, start, undefined, timestamp);
    this.#window(start).set(this.#identity(key), entry);
    this.update(entry, value, timestamp);
    return true;
  }

  put(key: K, start: number, value: V, timestamp: number): void {
    const entry = this.entry(key, start);
    if (entry === undefined) this.insert(key, start, value, timestamp);
    else this.update(entry, value, timestamp);
  }

  delete(key: K, start: number, timestamp: number): void {
    const entry = this.entry(key, start);
    if (entry !== undefined) this.update(entry, undefined, timestamp);
  }

  fetch(key: K, start: number): V | undefined {
    return this.entry(key, start)?.value;
  }

  *fetchAll(from: number, to: number): Iterable<WindowedValue<K, V>> {
    for (const entry of this.entriesBetween(from, to)) {
      const { key, start, value, timestamp } = entry;
      if (value !== undefined) yield { key, start, value, timestamp };
    }
  }

  /** Window starts in `[from, to]` of which there are rows, ascending. */
  startsBetween(from: number, to: number): readonly number[] {
    return this.#starts.filter((start) => start >= from && start <= to);
  }

  /** Rows with starts in `[from, to]`, ordered by start, then by the bytes of the key. */
  *entriesBetween(from: number, to: number): Iterable<Entry<K, V>> {
    for (const start of this.startsBetween(from, to)) {
      const window = this.#windows.get(start);
      if (window === undefined) continue;
      yield* [...window.values()].toSorted((a, b) => Buffer.compare(this.#keyBytes(a), this.#keyBytes(b)));
    }
  }

  flush(writer: ChangelogWriter): void {
    this.#deleteExpired(writer);
    this.#dirty.drain((entry) => {
      const { value } = entry;
      const old = entry.flushed;
      entry.flushed = value;
      if (value === undefined) this.#windows.get(entry.start)?.delete(this.#identity(entry.key));
      // A row that came and went between two flushes was never there; with the cache off the JVM tells of it all the same.
      if (value === undefined && old === undefined && this.#hooks.writeThrough === undefined) return;
      const gone = value === undefined || (this.#hooks.expireInChangelog && this.#isExpired(entry.start));
      if (!gone || old !== undefined || this.#hooks.writeThrough !== undefined)
        writer(
          windowStoreKey(this.#keyBytes(entry), entry.start),
          gone ? null : this.#value.serialize(value),
          gone ? deletedAt(entry, this.#hooks) : entry.timestamp,
        );
      this.#hooks.onFlush?.(entry, old);
    });
  }

  restore(key: Buffer, value: Buffer | null, timestamp: number): void {
    const end = key.length - windowStoreKeyOverhead;
    const start = readInt64(key, end);
    const k = this.#key.deserialize(key, 0, end);
    if (start > this.#observed) {
      this.#observed = start;
      this.#expire();
    } else if (this.#isExpired(start)) return;
    if (value === null) {
      this.#windows.get(start)?.delete(this.#identity(k));
      return;
    }
    const entry = new Entry<K, V>(k, start, this.#value.deserialize(value, 0, value.length), timestamp);
    entry.flushed = entry.value;
    this.#window(start).set(this.#identity(k), entry);
  }

  approximateEntries(): number {
    let count = 0;
    for (const window of this.#windows.values()) count += window.size;
    return count;
  }

  #window(start: number): Map<unknown, Entry<K, V>> {
    if (start === this.#lastStart && this.#lastWindow !== undefined) return this.#lastWindow;
    let window = this.#windows.get(start);
    if (window === undefined) {
      window = new Map();
      this.#windows.set(start, window);
      this.#starts.push(start);
      this.#starts.sort((a, b) => a - b);
    }
    this.#lastStart = start;
    this.#lastWindow = window;
    return window;
  }

  #isExpired(start: number): boolean {
    return start <= this.#observed - this.#retention;
  }

  #expire(): void {
    const oldest = this.#observed - this.#retention;
    while (this.#starts.length > 0 && this.#starts[0]! <= oldest) {
      const start = this.#starts.shift()!;
      const window = this.#windows.get(start);
      if (window !== undefined && this.#hooks.expireInChangelog) this.#expired.push(window.values());
      this.#windows.delete(start);
      if (start === this.#lastStart) {
        this.#lastStart = Number.NaN;
        this.#lastWindow = undefined;
      }
    }
  }

  /**
   * The JVM leaves this to the changelog topic's retention, which goes by record timestamps: a replay of old records
   * would lose windows that are still open. Tombstones and compaction know stream time.
   */
  #deleteExpired(writer: ChangelogWriter): void {
    const windows = this.#expired;
    this.#expired = [];
    for (const window of windows)
      for (const entry of window) {
        // A dirty row of an expired window: its change still goes downstream, after this.
        if (entry.flushed === undefined || entry.dirtyAt >= 0) continue;
        writer(windowStoreKey(this.#keyBytes(entry), entry.start), null, entry.timestamp);
      }
  }

  #keyBytes(entry: Entry<K, V>): Uint8Array {
    if (entry.keyBytes !== undefined) return entry.keyBytes;
    const bytes = this.#key.serialize(entry.key);
    if (bytes === null) throw new TypeError(`store "${this.name}" takes no null key`);
    return bytes;
  }
}
