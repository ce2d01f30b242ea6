import type { Headers } from "../record.ts";

/**
 * Where a store writes what changed: bytes as they stand in the changelog topic. `timestamp` in ms; no headers unless
 * they are given. Whoever is written to copies what it keeps: key and value are others' bytes once it has returned.
 */
export type ChangelogWriter = (
  key: Uint8Array,
  value: Uint8Array | null,
  timestamp: number,
  headers?: Headers,
) => void;

/**
 * A cursor over records of a changelog, as a fetched chunk has them: `advance` moves to the next, and key and value are
 * ranges of `buffer` (a start of -1 is null).
 */
export interface ChangelogRecords {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly timestamp: number;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  advance(): boolean;
}

/**
 * What the runtime knows of every store (Kafka Streams' `StateStore`, with KIP-892's transactions). A store keeps what
 * changed since the last flush, one row per key. Commits are counted in epochs: at most one sealed epoch is on its way
 * while the next one is being computed into.
 */
export interface StateStore {
  readonly name: string;
  /** Next offset of the changelog after what the committed state includes; -1: none known. */
  readonly position: number;
  /** True while something has changed since the last flush. */
  readonly dirty: boolean;
  /**
   * Estimate, in bytes, of what the next commit holds in memory: rows that were changed, what they were before, which a lost
   * transaction asks for, and rows that expired.
   */
  readonly dirtyBytes: number;

  /**
   * One round: writes every row that changed to the changelog, once, in the order of their last changes, and tells the
   * listeners of each. These may change rows of this and other stores: rounds are repeated until nothing is dirty.
   * `budget` answers whether there is time left; it is asked every few rows. True when it ended before the round did:
   * the next call goes on where this one stopped.
   */
  flush(budget?: () => boolean): boolean;
  /**
   * What was flushed so far belongs to the commit `epoch`, later changes to the next one. Throws while another epoch is
   * sealed.
   */
  seal(epoch: number): void;
  /**
   * The commit `epoch` is durable. `position` is the end of the changelog after it; undefined when nothing was written
   * there. Throws unless that epoch is the sealed one.
   */
  committed(epoch: number, position: number | undefined): void;
  /**
   * Undoes everything since the last `committed`: values, deletions, expired windows, the stream time that the store has
   * seen. Flushed or not, sealed or not. Listeners hear nothing of it. True when `budget`, which is asked every few rows,
   * ended before it was done: the next call goes on where this one stopped, and until then the store is read as of its last
   * commit alone, and changed by nobody.
   */
  revert(budget?: () => boolean): boolean;
  /**
   * Applies records of the changelog; answers how many. `position` is `nextOffset` then. Nothing becomes dirty, save rows
   * of expired windows that the changelog still has. Only while nothing is uncommitted. Throws a MillraceError RESTORE,
   * with the offset, on what it can't read; what stays bytes until somebody asks for it is told of then.
   */
  restore(records: ChangelogRecords, nextOffset: number): number;

  /** Forgets the flush listeners: the operators are about to be made anew. */
  clearListeners(): void;
  /**
   * Number of rows; exact in memory, and otherwise never fewer than there are: rows that are both in memory and in the byte
   * store count twice.
   */
  approximateEntries(): number;
  close(): void;
}
