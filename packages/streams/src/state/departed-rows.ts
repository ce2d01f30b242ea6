import type { CachedRow } from "./cached-row.ts";

/** Rows whose deletion one epoch flushed: who reads what was committed still finds them. */
export class DepartedRows<K, V> {
  readonly #identity: (key: K) => unknown;
  readonly #rows: CachedRow<K, V>[] = [];
  /** The first `#indexed` of them by key, once somebody asked for one. */
  readonly #byKey = new Map<unknown, CachedRow<K, V>[]>();
  #indexed = 0;

  constructor(identity: (key: K) => unknown) {
    this.#identity = identity;
  }

  add(row: CachedRow<K, V>): void {
    this.#rows.push(row);
  }

  all(): readonly CachedRow<K, V>[] {
    return this.#rows;
  }

  /** Those of one key, by its identity. */
  of(id: unknown): readonly CachedRow<K, V>[] {
    for (; this.#indexed < this.#rows.length; this.#indexed++) {
      const row = this.#rows[this.#indexed] as CachedRow<K, V>;
      const key = this.#identity(row.key);
      const others = this.#byKey.get(key);
      if (others === undefined) this.#byKey.set(key, [row]);
      else others.push(row);
    }
    return this.#byKey.get(id) ?? [];
  }
}
