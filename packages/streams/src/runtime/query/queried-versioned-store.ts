import type { ReadOnlyVersionedStore, VersionedRecord } from "../../state/versioned-store.ts";
import { QueriedPartitions } from "./queried-partitions.ts";

type Found = VersionedRecord<unknown>;

/** The partitions of a versioned store as one. */
export class QueriedVersionedStore
  extends QueriedPartitions<ReadOnlyVersionedStore<unknown, unknown>>
  implements ReadOnlyVersionedStore<unknown, unknown>
{
  get(key: unknown, asOf: number = Number.POSITIVE_INFINITY): Found | undefined {
    return this.scope.ofKey(key, (store) => store.get(key, asOf));
  }

  fetch(key: unknown, from: number, to: number): Iterable<Found> {
    return this.scope.listOfKey(key, (store) => store.fetch(key, from, to));
  }

  backwardFetch(key: unknown, from: number, to: number): Iterable<Found> {
    return this.scope.listOfKey(key, (store) => store.backwardFetch(key, from, to));
  }

  approximateEntries(): number {
    return this.sum((store) => store.approximateEntries());
  }
}
