import type { ReadOnlyKeyValueStore } from "../../state/key-value-store.ts";
import { mergeSorted } from "./merge-sorted.ts";
import { QueriedPartitions } from "./queried-partitions.ts";

type Entry = readonly [key: unknown, value: unknown];

/** The partitions of a key-value store as one. */
export class QueriedKeyValueStore
  extends QueriedPartitions<ReadOnlyKeyValueStore<unknown, unknown>>
  implements ReadOnlyKeyValueStore<unknown, unknown>
{
  get(key: unknown): unknown {
    return this.scope.ofKey(key, (store) => store.get(key));
  }

  has(key: unknown): boolean {
    return this.get(key) !== undefined;
  }

  range(from: unknown, to: unknown): Iterable<Entry> {
    return this.#merged((store) => store.range(from, to));
  }

  reverseRange(from: unknown, to: unknown): Iterable<Entry> {
    return this.#merged((store) => store.reverseRange(from, to), true);
  }

  prefixScan(prefix: Uint8Array): Iterable<Entry> {
    return this.#merged((store) => store.prefixScan(prefix));
  }

  all(): Iterable<Entry> {
    return this.#merged((store) => store.all());
  }

  reverseAll(): Iterable<Entry> {
    return this.#merged((store) => store.reverseAll(), true);
  }

  approximateEntries(): number {
    return this.sum((store) => store.approximateEntries());
  }

  #merged(
    read: (store: ReadOnlyKeyValueStore<unknown, unknown>) => Iterable<Entry>,
    reverse = false,
  ): Iterable<Entry> {
    const order = reverse ? -1 : 1;
    return mergeSorted(this.scope.all().map(read), ([a], [b]) => order * this.compareKeys(a, b));
  }
}
