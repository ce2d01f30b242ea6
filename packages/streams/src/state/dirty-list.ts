import type { Entry } from "./entry.ts";

/** Places that are left behind, as a multiple of the entries, before they are taken out; and how many at least. */
const emptiness = 8;
const emptyAtLeast = 4_096;

/**
 * The entries changed since the last flush, in the order of their last change (as Kafka Streams' record cache
 * flushes them).
 */
export class DirtyList<K, V> {
  #entries: (Entry<K, V> | undefined)[] = [];
  #count = 0;

  get size(): number {
    return this.#count;
  }

  touch(entry: Entry<K, V>): void {
    const entries = this.#entries;
    const at = entry.dirtyAt;
    if (at >= 0) {
      if (at === entries.length - 1) return;
      entries[at] = undefined;
    } else {
      this.#count++;
    }
    entry.dirtyAt = entries.length;
    entries.push(entry);
    if (entries.length > emptyAtLeast && entries.length > emptiness * this.#count) this.#compact();
  }

  /** Few keys that change often between two far commits would grow the list without bound. */
  #compact(): void {
    const entries: Entry<K, V>[] = [];
    for (const entry of this.#entries)
      if (entry !== undefined) {
        entry.dirtyAt = entries.length;
        entries.push(entry);
      }
    this.#entries = entries;
  }

  /** Hands every entry over, clean. What becomes dirty meanwhile belongs to the next flush. */
  drain(visit: (entry: Entry<K, V>) => void): void {
    const entries = this.#entries;
    this.#entries = [];
    this.#count = 0;
    for (const entry of entries) {
      if (entry === undefined) continue;
      entry.dirtyAt = -1;
    }
    for (const entry of entries) if (entry !== undefined) visit(entry);
  }
}
