import type { CachedRow, SavedRow } from "./cached-row.ts";
import { DepartedRows } from "./departed-rows.ts";
import { UndoLog } from "./undo-log.ts";

interface Epoch<K, V> {
  readonly undo: UndoLog<K, V>;
  readonly departed: DepartedRows<K, V>;
}

/**
 * What a store's rows were at its last commit: one epoch that is sealed, perhaps, and one that is being computed into.
 *
 * An era is the time between two seals or reverts: the first change of a row that is flushed in it goes to its undo log.
 */
export class EpochLog<K, V> {
  readonly #store: string;
  readonly #identity: (key: K) => unknown;
  #era = 0;
  /** Rows that changed in a later era than this have changed since the last commit. */
  #committedEra = -1;
  #open: Epoch<K, V>;
  #sealed: (Epoch<K, V> & { readonly epoch: number }) | undefined;

  /** `store` names it in errors. */
  constructor(store: string, identity: (key: K) => unknown) {
    this.#store = store;
    this.#identity = identity;
    this.#open = this.#newEpoch();
  }

  #newEpoch(): Epoch<K, V> {
    return { undo: new UndoLog(), departed: new DepartedRows(this.#identity) };
  }

  /** A row's change was flushed; `saved` is what it was before. Whether that has to be kept now. */
  flushed(row: CachedRow<K, V>, saved: SavedRow<V>): boolean {
    if (row.era === this.#era) return false;
    row.era = this.#era;
    this.#open.undo.add(row, saved);
    return true;
  }

  /** A row's deletion was flushed, and it is in the store no more. */
  left(row: CachedRow<K, V>): void {
    this.#open.departed.add(row);
  }

  /** Whether a row has changed since the last commit, as far as was flushed. */
  hasChanged(row: CachedRow<K, V>): boolean {
    return row.era > this.#committedEra;
  }

  /** What was flushed belongs to the commit `epoch`. Throws while another is sealed. */
  seal(epoch: number): void {
    if (this.#sealed !== undefined)
      throw new Error(`store "${this.#store}": epoch ${this.#sealed.epoch} is sealed, and not committed yet`);
    this.#sealed = { epoch, ...this.#open };
    this.#open = this.#newEpoch();
    this.#era++;
  }

  /** What was sealed is durable. Throws unless it is that epoch. */
  commit(epoch: number): void {
    if (this.#sealed?.epoch !== epoch)
      throw new Error(`store "${this.#store}": epoch ${epoch} is not sealed`);
    this.#sealed = undefined;
    this.#committedEra = this.#era - 1;
  }

  /**
   * Tells of every row that was flushed since the last commit what it was then, newest first. What it was is known until all
   * are told: who reads what was committed still asks.
   */
  *revert(): Generator<readonly [row: CachedRow<K, V>, saved: SavedRow<V>], void> {
    yield* this.#open.undo.newestFirst();
    if (this.#sealed !== undefined) yield* this.#sealed.undo.newestFirst();
    this.#open = this.#newEpoch();
    this.#sealed = undefined;
    this.#era++;
  }

  /** What a row was at the last commit. */
  atCommit(row: CachedRow<K, V>): SavedRow<V> {
    return (
      // An undo log has a row only if that was flushed in its era.
      (this.#sealed !== undefined && row.era >= this.#era - 1 ? this.#sealed.undo.savedOf(row) : undefined) ??
      (row.era === this.#era ? this.#open.undo.savedOf(row) : undefined) ??
      row.saved ??
      row
    );
  }

  /** Rows that have left since the last commit; those of one key where its identity is given. */
  departed(id?: unknown): readonly CachedRow<K, V>[] {
    const epochs = this.#sealed === undefined ? [this.#open] : [this.#sealed, this.#open];
    return epochs.flatMap(({ departed }) => (id === undefined ? departed.all() : departed.of(id)));
  }
}
