import type { Row } from "../state/row.ts";
import type { WindowStore } from "../state/window-store.ts";
import type { WindowCloses } from "./window-closes.ts";

interface WindowUpdate<K, A> {
  readonly row: Row<K, A> | undefined;
  readonly start: number;
  readonly value: A | undefined;
  readonly timestamp: number;
}

/**
 * What one record makes of several windows: all of it is written, or, where one of the steps fails, none. A record that
 * goes to the dead letters and is replayed would otherwise be counted twice in the windows before.
 */
export class WindowUpdates<K, A> {
  readonly #store: WindowStore<K, A>;
  readonly #closes: WindowCloses<K, A> | undefined;
  readonly #expired: (row: Row<K, A>) => void;
  readonly #updates: WindowUpdate<K, A>[] = [];

  constructor(
    store: WindowStore<K, A>,
    closes: WindowCloses<K, A> | undefined,
    expired: (row: Row<K, A>) => void,
  ) {
    this.#expired = expired;
    this.#store = store;
    this.#closes = closes;
  }

  /** Forgets what an earlier record left when it failed. */
  clear(): void {
    this.#updates.length = 0;
  }

  add(row: Row<K, A> | undefined, start: number, value: A | undefined, timestamp: number): void {
    this.#updates.push({ row, start, value, timestamp });
  }

  write(key: K): void {
    for (const { row, start, value, timestamp } of this.#updates) this.set(key, row, start, value, timestamp);
    this.#updates.length = 0;
  }

  set(key: K, row: Row<K, A> | undefined, start: number, value: A | undefined, timestamp: number): void {
    // One record may open a window twice, and a row that was deleted waits for its flush.
    const known = row ?? this.#store.row(key, start);
    if (known !== undefined) this.#store.update(known, value, timestamp);
    else if (this.#store.insert(key, start, value, timestamp)) this.#closes?.opened(start);
    // Not late, and the store has forgotten the window already: what it does not keep is told all the same.
    else this.#expired({ key, start, value, timestamp });
  }
}
