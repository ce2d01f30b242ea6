import { afterKey, afterPrefix } from "./key-bounds.ts";
import type { ReadOnlyKeyValueStore } from "./key-value-store.ts";
import { latin1 } from "./text-order.ts";

/** The rows of a store at its last commit. Bounds are key bytes, one character each: `[from, to)`. */
interface CommittedRows<K, V> {
  get(key: K): V | undefined;
  entries(from: string | undefined, to: string | undefined, reverse: boolean): Iterable<readonly [K, V]>;
  order(key: K): string;
  approximateEntries(): number;
}

/** A key-value store as of its last commit. */
export class CommittedKeyValueView<K, V> implements ReadOnlyKeyValueStore<K, V> {
  readonly #rows: CommittedRows<K, V>;

  constructor(rows: CommittedRows<K, V>) {
    this.#rows = rows;
  }

  get(key: K): V | undefined {
    return this.#rows.get(key);
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  range(from: K | undefined, to: K | undefined): Iterable<readonly [K, V]> {
    return this.#rows.entries(this.#order(from), afterKey(this.#order(to)), false);
  }

  reverseRange(from: K | undefined, to: K | undefined): Iterable<readonly [K, V]> {
    return this.#rows.entries(this.#order(from), afterKey(this.#order(to)), true);
  }

  prefixScan(prefix: Uint8Array): Iterable<readonly [K, V]> {
    const from = latin1(prefix);
    return this.#rows.entries(from, afterPrefix(from), false);
  }

  all(): Iterable<readonly [K, V]> {
    return this.#rows.entries(undefined, undefined, false);
  }

  reverseAll(): Iterable<readonly [K, V]> {
    return this.#rows.entries(undefined, undefined, true);
  }

  approximateEntries(): number {
    return this.#rows.approximateEntries();
  }

  #order(key: K | undefined): string | undefined {
    return key === undefined ? undefined : this.#rows.order(key);
  }
}
