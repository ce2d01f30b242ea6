import type { CachedRow } from "./cached-row.ts";

/** A read that somebody may still be going on with. */
export interface OpenRead {
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
  #begun = 0;
  #open: OpenRead[] = [];
  /** Those that went on over a commit: who began them may have left them without a word. */
  #overCommits: WeakRef<OpenRead>[] = [];
  readonly #flips = new Map<unknown, Flips[]>();
  /** Somebody reads: rows that come and go are to be noted. */
  isOpen = false;

  constructor(identity: (key: K) => unknown) {
    this.#identity = identity;
  }

  begin(): OpenRead {
    const read = { begun: ++this.#begun };
    this.#open.push(read);
    this.isOpen = true;
    return read;
  }

  end(read: OpenRead): void {
    if (this.#open.at(-1) === read) this.#open.pop();
    else {
      this.#open = this.#open.filter((other) => other !== read);
      this.#overCommits = this.#overCommits.filter((other) => other.deref() !== read);
    }
    this.#settle();
  }

  committed(): void {
    if (!this.isOpen) return;
    this.#overCommits = this.#overCommits.filter((read) => read.deref() !== undefined);
    for (const read of this.#open) this.#overCommits.push(new WeakRef(read));
    this.#open = [];
    this.#settle();
  }

  #settle(): void {
    if (this.#open.length > 0 || this.#overCommits.length > 0) return;
    this.isOpen = false;
    this.#flips.clear();
  }

  /** A row is there that was not, or the other way round. */
  flipped(row: CachedRow<K, V>): void {
    const id = this.#identity(row.key);
    let places = this.#flips.get(id);
    if (places === undefined) this.#flips.set(id, (places = []));
    let place = places.find((known) => isAt(known, row));
    if (place === undefined) places.push((place = { start: row.start, end: row.end, after: [] }));
    if (place.after.at(-1) === this.#begun) place.after.pop();
    else place.after.push(this.#begun);
  }

  /** Whether a row that is there now was there when the read began. */
  had({ begun }: OpenRead, row: CachedRow<K, V>): boolean {
    if (this.#flips.size === 0) return true;
    const place = this.#flips.get(this.#identity(row.key))?.find((known) => isAt(known, row));
    return place === undefined || place.after.filter((after) => after >= begun).length % 2 === 0;
  }
}

const isAt = <K, V>({ start, end }: Flips, row: CachedRow<K, V>): boolean =>
  start === row.start && end === row.end;
