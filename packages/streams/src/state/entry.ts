/**
 * One row of a memory store and what is still to be done with it. It is its own write-cache entry: changing a row
 * ten times between two commits leaves it once in the dirty list.
 */
export class Entry<K, V> {
  readonly key: K;
  /** Start of the window; 0 in key-value stores. */
  readonly start: number;
  /** Undefined when deleted. */
  value: V | undefined;
  timestamp: number;
  /** Place in the dirty list; -1 when clean. */
  dirtyAt = -1;
  /** The value as of the last flush: what a table downstream knows as the old one. */
  flushed: V | undefined = undefined;
  /** The key's bytes, once they were needed. */
  keyBytes: Uint8Array | undefined = undefined;

  constructor(key: K, start: number, value: V | undefined, timestamp: number) {
    this.key = key;
    this.start = start;
    this.value = value;
    this.timestamp = timestamp;
  }
}
