import type { ReadOnlyWindowStore, WindowedValue } from "../../state/window-store.ts";
import { mergeSorted } from "./merge-sorted.ts";
import { QueriedPartitions } from "./queried-partitions.ts";

type Found = WindowedValue<unknown, unknown>;

/** The partitions of a window store as one. */
export class QueriedWindowStore
  extends QueriedPartitions<ReadOnlyWindowStore<unknown, unknown>>
  implements ReadOnlyWindowStore<unknown, unknown>
{
  fetch(key: unknown, start: number): unknown;
  fetch(key: unknown, from: number, to: number): Iterable<Found>;
  fetch(key: unknown, from: number, to?: number): unknown {
    return to === undefined
      ? this.scope.ofKey(key, (store) => store.fetch(key, from))
      : this.scope.listOfKey(key, (store) => store.fetch(key, from, to));
  }

  backwardFetch(key: unknown, from: number, to: number): Iterable<Found> {
    return this.scope.listOfKey(key, (store) => store.backwardFetch(key, from, to));
  }

  fetchAll(from: number, to: number): Iterable<Found> {
    const found = this.scope.all().map((store) => store.fetchAll(from, to));
    return mergeSorted(found, (a, b) => this.#compare(a, b));
  }

  backwardFetchAll(from: number, to: number): Iterable<Found> {
    const found = this.scope.all().map((store) => store.backwardFetchAll(from, to));
    return mergeSorted(found, (a, b) => this.#compare(b, a));
  }

  approximateEntries(): number {
    return this.sum((store) => store.approximateEntries());
  }

  #compare(a: Found, b: Found): number {
    return a.start - b.start || this.compareKeys(a.key, b.key);
  }
}
