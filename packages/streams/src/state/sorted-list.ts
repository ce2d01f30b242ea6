/** A chunk is cut in two when it is longer. */
const chunkSize = 256;

/** Where an item stands to a bound: negative before it, positive after it. */
export type Bound<T> = (item: T) => number;

/**
 * Different items in order, in chunks: coming and going moves the items of one chunk. Iteration goes on in order when
 * items come and go meanwhile.
 */
export class SortedList<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #chunks: T[][] = [];
  #size = 0;
  /** Counts changes: iterators look up their place again after one. */
  #changes = 0;

  /** Takes items that are in order already. */
  constructor(compare: (a: T, b: T) => number, ordered: readonly T[] = []) {
    this.#compare = compare;
    this.#size = ordered.length;
    for (let at = 0; at < ordered.length; at += chunkSize / 2)
      this.#chunks.push(ordered.slice(at, at + chunkSize / 2));
  }

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    return this.#chunks[0]?.[0];
  }

  /** Takes the first item away. */
  shift(): T | undefined {
    const chunk = this.#chunks[0];
    if (chunk === undefined) return undefined;
    this.#changes++;
    this.#size--;
    const item = chunk.shift();
    if (chunk.length === 0) this.#chunks.shift();
    return item;
  }

  /** False when an equal item is there already. */
  add(item: T): boolean {
    const last = this.#chunks.at(-1);
    if (last !== undefined && this.#compare(last[last.length - 1] as T, item) < 0) {
      this.#changes++;
      this.#size++;
      if (last.length < chunkSize) last.push(item);
      else this.#chunks.push([item]);
      return true;
    }
    const bound = this.#boundOf(item);
    const chunkAt = Math.min(this.#chunkOf(bound), Math.max(0, this.#chunks.length - 1));
    const chunk = this.#chunks[chunkAt];
    this.#changes++;
    this.#size++;
    if (chunk === undefined) {
      this.#chunks.push([item]);
      return true;
    }
    const at = lowerBound(chunk, bound);
    if (at < chunk.length && bound(chunk[at] as T) === 0) {
      this.#size--;
      return false;
    }
    if (at === chunk.length) chunk.push(item);
    else chunk.splice(at, 0, item);
    if (chunk.length > chunkSize) this.#chunks.splice(chunkAt + 1, 0, chunk.splice(chunkSize / 2));
    return true;
  }

  /** False when no equal item is there. */
  delete(item: T): boolean {
    const bound = this.#boundOf(item);
    const chunkAt = this.#chunkOf(bound);
    const chunk = this.#chunks[chunkAt];
    if (chunk === undefined) return false;
    const at = lowerBound(chunk, bound);
    if (at === chunk.length || bound(chunk[at] as T) !== 0) return false;
    this.#changes++;
    this.#size--;
    if (chunk.length === 1) this.#chunks.splice(chunkAt, 1);
    else chunk.splice(at, 1);
    return true;
  }

  /** Items in `[low, high]`, ascending. */
  *ascending(low?: Bound<T>, high?: Bound<T>): Generator<T, void, undefined> {
    let chunkAt = low === undefined ? 0 : this.#chunkOf(low);
    let at = low === undefined ? 0 : lowerBound(this.#chunks[chunkAt] ?? [], low);
    for (;;) {
      const chunk = this.#chunks[chunkAt];
      if (chunk === undefined) return;
      if (at >= chunk.length) {
        chunkAt++;
        at = 0;
        continue;
      }
      const item = chunk[at] as T;
      if (high !== undefined && high(item) > 0) return;
      const changes = this.#changes;
      yield item;
      if (changes === this.#changes) {
        at++;
        continue;
      }
      const next = this.#boundAfter(item);
      chunkAt = this.#chunkOf(next);
      at = lowerBound(this.#chunks[chunkAt] ?? [], next);
    }
  }

  /** Items in `[low, high]`, descending. */
  *descending(low?: Bound<T>, high?: Bound<T>): Generator<T, void, undefined> {
    let [chunkAt, at] = high === undefined ? this.#end() : this.#before((item) => (high(item) > 0 ? 0 : -1));
    for (;;) {
      const item = this.#chunks[chunkAt]?.[at];
      if (item === undefined || (low !== undefined && low(item) < 0)) return;
      const changes = this.#changes;
      yield item;
      if (changes !== this.#changes) [chunkAt, at] = this.#before(this.#boundOf(item));
      else if (at > 0) at--;
      else {
        chunkAt--;
        at = (this.#chunks[chunkAt]?.length ?? 0) - 1;
      }
    }
  }

  #end(): [chunk: number, at: number] {
    return [this.#chunks.length - 1, (this.#chunks.at(-1)?.length ?? 0) - 1];
  }

  /** The place of the last item before a bound; nothing stands there if there is none. */
  #before(bound: Bound<T>): [chunk: number, at: number] {
    const chunkAt = this.#chunkOf(bound);
    const at = lowerBound(this.#chunks[chunkAt] ?? [], bound);
    return at > 0 ? [chunkAt, at - 1] : [chunkAt - 1, (this.#chunks[chunkAt - 1]?.length ?? 0) - 1];
  }

  #boundOf(item: T): Bound<T> {
    return (other) => this.#compare(other, item);
  }

  #boundAfter(item: T): Bound<T> {
    return (other) => (this.#compare(other, item) <= 0 ? -1 : 0);
  }

  /** The first chunk whose last item is not before the bound. */
  #chunkOf(bound: Bound<T>): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const chunk = this.#chunks[middle] as T[];
      if (bound(chunk[chunk.length - 1] as T) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Index of the first item that is not before the bound. */
const lowerBound = <T>(chunk: readonly T[], bound: Bound<T>): number => {
  let low = 0;
  let high = chunk.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bound(chunk[middle] as T) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};
