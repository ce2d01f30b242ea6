import type { ChangeBatch } from "./change-batch.ts";
import { keyHash } from "./key-hash.ts";
import { keyText } from "./key-text.ts";

/** Batches that are on their way to the disk, the oldest first: newer than what is there. */
export class Overlay {
  #batches: readonly ChangeBatch[] = [];

  /** Changes in all of them. */
  get size(): number {
    let size = 0;
    for (const batch of this.#batches) size += batch.size;
    return size;
  }

  add(batch: ChangeBatch): void {
    this.#batches = [...this.#batches, batch];
  }

  /** A batch is on the disk. */
  drop(batch: ChangeBatch): void {
    this.#batches = this.#batches.filter((other) => other !== batch);
  }

  /** Undefined where nothing is under way; null where the key is being deleted. */
  get(key: Uint8Array): Uint8Array | null | undefined {
    return this.#batches.length === 0 ? undefined : newest(this.#batches, key);
  }

  /** What is stored in `[from, to)` with these changes over it. */
  *over(
    stored: Iterable<{ readonly key: Buffer; readonly value: Buffer }>,
    from: Uint8Array | undefined,
    to: Uint8Array | undefined,
    reverse: boolean,
  ): Iterable<readonly [Uint8Array, Uint8Array]> {
    // As they are now: what is read is of one moment.
    const batches = this.#batches;
    if (batches.length === 0) {
      for (const { key, value } of stored) yield [key, value];
      return;
    }
    const keys = keysBetween(batches, from, to, reverse);
    const before = (a: string, b: string): boolean => (reverse ? a > b : a < b);
    let at = 0;
    for (const { key, value } of stored) {
      const place = keyText(key);
      for (let next = keys[at]; next !== undefined && before(next, place); next = keys[++at]) {
        const row = changedRow(batches, next);
        if (row !== undefined) yield row;
      }
      if (keys[at] !== place) {
        yield [key, value];
        continue;
      }
      at++;
      const changed = newest(batches, key);
      if (changed != null) yield [key, changed];
    }
    for (let next = keys[at]; next !== undefined; next = keys[++at]) {
      const row = changedRow(batches, next);
      if (row !== undefined) yield row;
    }
  }
}

/** Undefined where no batch has the key; null where the last that has it deletes it. */
const newest = (batches: readonly ChangeBatch[], key: Uint8Array): Uint8Array | null | undefined => {
  const hash = keyHash(key);
  for (let at = batches.length - 1; at >= 0; at--) {
    const found = batches[at]?.get(key, hash);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** The row that the key has now, which is given as `keyText` has it; undefined where it is deleted. */
const changedRow = (
  batches: readonly ChangeBatch[],
  text: string,
): readonly [Uint8Array, Uint8Array] | undefined => {
  const key = Buffer.from(text, "latin1");
  const value = newest(batches, key);
  return value == null ? undefined : [key, value];
};

/** The keys that batches have in `[from, to)`, each once, in order. */
const keysBetween = (
  batches: readonly ChangeBatch[],
  from: Uint8Array | undefined,
  to: Uint8Array | undefined,
  reverse: boolean,
): readonly string[] => {
  const keys = new Set<string>();
  for (const { ordered } of batches) {
    const low = from === undefined ? 0 : lowerBound(ordered, keyText(from));
    const high = to === undefined ? ordered.length : lowerBound(ordered, keyText(to));
    for (let at = low; at < high; at++) keys.add(ordered[at] as string);
  }
  const sorted = [...keys].toSorted((a, b) => (a < b ? -1 : 1));
  return reverse ? sorted.toReversed() : sorted;
};

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
