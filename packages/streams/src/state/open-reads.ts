import type { CachedRow } from "./cached-row.ts";

/** A read that somebody may still be going on with. */
interface OpenRead {
  /** Tells it from those that began earlier and later. */
  readonly begun: number;
}

/** A row's place, and after the beginning of which reads it came or went; twice after one is as if it had not. */
interface Flips {
  readonly start: number;
  readonly end: number;
  readonly after: number[];
}

/**
 * Tells a read that is under way which of the rows that it comes to were there when it began: who puts a row for each that it
 * reads would read its own for ever. Nothing is copied, and nothing is noted while nobody reads.
 */
export class OpenReads<K, V> {
  readonly #identity: (key: K) => unknown;
  /** Above a byte store: the row that is in memory in the place of one that was read from below. */
  readonly #attached: ((row: CachedRow<K, V>) => CachedRow<K, V> | undefined) | undefined;
  #moves = 0;
  #begun = 0;
  #open: OpenRead[] = [];
  /** Those that went on over a commit: who began them may have left them without a word. */
  #overCommits: WeakRef<OpenRead>[] = [];
  readonly #flips = new Map<unknown, Flips[]>();
  /** Somebody reads: rows that come and go are to be noted. */
  #isOpen = false;

  constructor(
    identity: (key: K) => unknown,
    attached?: (row: CachedRow<K, V>) => CachedRow<K, V> | undefined,
  ) {
    this.#identity = identity;
    this.#attached = attached;
  }

  /**
   * What `show` makes of the rows that are there now and still are when they are come to, each as it is then; undefined leaves
   * a row out. `after` answers the rows in their order, from the one after a row on: a read above a byte store goes on with
   * new ones when rows have moved.
   */
  read<T>(
    after: (row: CachedRow<K, V> | undefined) => Iterable<CachedRow<K, V>>,
    show: (row: CachedRow<K, V>) => T | undefined,
  ): Iterable<T> {
    // Not with the first step: what is put between the two was not there.
    const read = { begun: ++this.#begun };
    this.#open.push(read);
    this.#isOpen = true;
    return this.#readOn(read, after, show);
  }

  *#readOn<T>(
    read: OpenRead,
    after: (row: CachedRow<K, V> | undefined) => Iterable<CachedRow<K, V>>,
    show: (row: CachedRow<K, V>) => T | undefined,
  ): Generator<T, void, undefined> {
    const attached = this.#attached;
    try {
      let last: CachedRow<K, V> | undefined;
      for (let hasMoved = true; hasMoved;) {
        hasMoved = false;
        const moves = this.#moves;
        for (const found of after(last)) {
          last = found;
          const row = attached?.(found) ?? found;
          if (row.value === undefined || !this.#had(read, row)) continue;
          const shown = show(row);
          if (shown === undefined) continue;
          yield shown;
          hasMoved = attached !== undefined && moves !== this.#moves;
          if (hasMoved) break;
        }
      }
    } finally {
      this.#end(read);
    }
  }

  /** Rows went from memory to the byte store, or came from there: with a commit, an eviction, a restore. */
  moved(): void {
    this.#moves++;
  }

  #end(read: OpenRead): void {
    if (this.#open.at(-1) === read) this.#open.pop();
    else {
      this.#open = this.#open.filter((other) => other !== read);
      this.#overCommits = this.#overCommits.filter((other) => other.deref() !== read);
    }
    this.#settle();
  }

  committed(): void {
    this.moved();
    if (!this.#isOpen) return;
    this.#overCommits = this.#overCommits.filter((read) => read.deref() !== undefined);
    for (const read of this.#open) this.#overCommits.push(new WeakRef(read));
    this.#open = [];
    this.#settle();
  }

  #settle(): void {
    if (this.#open.length > 0 || this.#overCommits.length > 0) return;
    this.#isOpen = false;
    this.#flips.clear();
  }

  /** A row is about to get a value, or to lose its own. */
  changing(row: CachedRow<K, V>, value: V | undefined): void {
    if (this.#isOpen && (value === undefined) !== (row.value === undefined)) this.#flip(row);
  }

  /** It will be there and was not, or the other way round. */
  #flip(row: CachedRow<K, V>): void {
    const id = this.#identity(row.key);
    let places = this.#flips.get(id);
    if (places === undefined) this.#flips.set(id, (places = []));
    let place = places.find((known) => isAt(known, row));
    if (place === undefined) places.push((place = { start: row.start, end: row.end, after: [] }));
    if (place.after.at(-1) === this.#begun) place.after.pop();
    else place.after.push(this.#begun);
  }

  /** Whether a row that is there now was there when the read began. */
  #had({ begun }: OpenRead, row: CachedRow<K, V>): boolean {
    if (this.#flips.size === 0) return true;
    const place = this.#flips.get(this.#identity(row.key))?.find((known) => isAt(known, row));
    return place === undefined || place.after.filter((after) => after >= begun).length % 2 === 0;
  }
}

const isAt = <K, V>({ start, end }: Flips, row: CachedRow<K, V>): boolean =>
  start === row.start && end === row.end;
