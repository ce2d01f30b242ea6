import { type History, versionAt, versionsWithin } from "./version-history.ts";
import type { ReadOnlyVersionedStore, VersionedRecord } from "./versioned-store.ts";

/** The histories of a store at its last commit. */
interface CommittedHistories<K, V> {
  of(key: K): History<V>;
  /** The oldest time at which versions that ended can be read, ms. */
  oldest(): number;
  approximateEntries(): number;
}

/** A versioned store as of its last commit. */
export class CommittedVersionedView<K, V> implements ReadOnlyVersionedStore<K, V> {
  readonly #histories: CommittedHistories<K, V>;

  constructor(histories: CommittedHistories<K, V>) {
    this.#histories = histories;
  }

  get(key: K, asOf: number = Number.POSITIVE_INFINITY): VersionedRecord<V> | undefined {
    return versionAt(this.#histories.of(key), asOf, this.#histories.oldest());
  }

  fetch(key: K, from: number, to: number): Iterable<VersionedRecord<V>> {
    return versionsWithin(this.#histories.of(key), from, to, this.#histories.oldest());
  }

  backwardFetch(key: K, from: number, to: number): Iterable<VersionedRecord<V>> {
    return versionsWithin(this.#histories.of(key), from, to, this.#histories.oldest()).toReversed();
  }

  approximateEntries(): number {
    return this.#histories.approximateEntries();
  }
}
