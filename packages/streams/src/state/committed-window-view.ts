import type { ReadOnlyWindowStore, WindowedValue } from "./window-store.ts";

/** The rows of a store at its last commit; starts in `[from, to]`, by start and then by the bytes of the key. */
interface CommittedRows<K, V> {
  get(key: K, start: number): V | undefined;
  ofKey(key: K, from: number, to: number, reverse: boolean): Iterable<WindowedValue<K, V>>;
  between(from: number, to: number, reverse: boolean): Iterable<WindowedValue<K, V>>;
  approximateEntries(): number;
}

/** A window store as of its last commit. */
export class CommittedWindowView<K, V> implements ReadOnlyWindowStore<K, V> {
  readonly #rows: CommittedRows<K, V>;

  constructor(rows: CommittedRows<K, V>) {
    this.#rows = rows;
  }

  fetch(key: K, start: number): V | undefined;
  fetch(key: K, from: number, to: number): Iterable<WindowedValue<K, V>>;
  fetch(key: K, from: number, to?: number): V | undefined | Iterable<WindowedValue<K, V>> {
    return to === undefined ? this.#rows.get(key, from) : this.#rows.ofKey(key, from, to, false);
  }

  backwardFetch(key: K, from: number, to: number): Iterable<WindowedValue<K, V>> {
    return this.#rows.ofKey(key, from, to, true);
  }

  fetchAll(from: number, to: number): Iterable<WindowedValue<K, V>> {
    return this.#rows.between(from, to, false);
  }

  backwardFetchAll(from: number, to: number): Iterable<WindowedValue<K, V>> {
    return this.#rows.between(from, to, true);
  }

  approximateEntries(): number {
    return this.#rows.approximateEntries();
  }
}
