/** So many keys are remembered in any case. */
const atLeast = 1_024;

/** The keys of which a cache has all rows. Of those that have none only some are remembered. */
export class WholeKeys {
  readonly #ids = new Set<unknown>();
  readonly #hasRows: (id: unknown) => boolean;
  #limit = atLeast;

  constructor(hasRows: (id: unknown) => boolean) {
    this.#hasRows = hasRows;
  }

  has(id: unknown): boolean {
    return this.#ids.has(id);
  }

  add(id: unknown): void {
    this.#ids.add(id);
    if (this.#ids.size <= this.#limit) return;
    for (const other of this.#ids) if (!this.#hasRows(other)) this.#ids.delete(other);
    this.#limit = Math.max(atLeast, 2 * this.#ids.size);
  }

  clear(): void {
    this.#ids.clear();
  }

  delete(id: unknown): void {
    this.#ids.delete(id);
  }
}
