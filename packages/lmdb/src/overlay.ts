import type { ByteChange } from "@millrace/streams";

interface Pending {
  readonly value: Uint8Array | null;
  readonly generation: number;
}

/** Changes that are on their way to the disk, by key: newer than what is there. */
export class Overlay {
  readonly #changes = new Map<string, Pending>();
  #generation = 0;
  /** The keys in order, for ranges; undefined when they have changed. */
  #ordered: readonly string[] | undefined;

  get size(): number {
    return this.#changes.size;
  }

  /** Answers what `drop` takes once they are on the disk. */
  add(changes: readonly ByteChange[]): number {
    const generation = ++this.#generation;
    for (const { key, value } of changes) this.#changes.set(text(key), { value, generation });
    this.#ordered = undefined;
    return generation;
  }

  /** Forgets the changes of one write, except where a later one has followed. */
  drop(generation: number): void {
    for (const [key, pending] of this.#changes)
      if (pending.generation <= generation) this.#changes.delete(key);
    this.#ordered = undefined;
  }

  /** Undefined where nothing is under way; null where the key is being deleted. */
  get(key: Uint8Array): Uint8Array | null | undefined {
    return this.#changes.size === 0 ? undefined : this.#changes.get(text(key))?.value;
  }

  /** What is stored in `[from, to)` with these changes over it. */
  *over(
    stored: Iterable<{ readonly key: Buffer; readonly value: Buffer }>,
    from: Uint8Array | undefined,
    to: Uint8Array | undefined,
    reverse: boolean,
  ): Iterable<readonly [Uint8Array, Uint8Array]> {
    if (this.#changes.size === 0) {
      for (const { key, value } of stored) yield [key, value];
      return;
    }
    const keys = this.#keys(from, to, reverse);
    const changes = new Map(keys.map((key) => [key, this.#changes.get(key)?.value ?? null]));
    const before = (a: string, b: string): boolean => (reverse ? a > b : a < b);
    let at = 0;
    for (const { key, value } of stored) {
      const place = text(key);
      for (let next = keys[at]; next !== undefined && before(next, place); next = keys[++at]) {
        const changed = changes.get(next);
        if (changed != null) yield [Buffer.from(next, "latin1"), changed];
      }
      if (!changes.has(place)) yield [key, value];
    }
    for (let next = keys[at]; next !== undefined; next = keys[++at]) {
      const changed = changes.get(next);
      if (changed != null) yield [Buffer.from(next, "latin1"), changed];
    }
  }

  #keys(from: Uint8Array | undefined, to: Uint8Array | undefined, reverse: boolean): readonly string[] {
    this.#ordered ??= [...this.#changes.keys()].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const low = from === undefined ? 0 : lowerBound(this.#ordered, text(from));
    const high = to === undefined ? this.#ordered.length : lowerBound(this.#ordered, text(to));
    const keys = this.#ordered.slice(low, Math.max(low, high));
    return reverse ? keys.toReversed() : keys;
  }
}

const lowerBound = (keys: readonly string[], bound: string): number => {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] as string) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
};

const text = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
