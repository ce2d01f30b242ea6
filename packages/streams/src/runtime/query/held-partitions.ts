import type { StateStore } from "../../state/state-store.ts";

/** The partitions of one store, as far as this process has them. */
export interface HeldPartitions {
  /** Number of partitions that the store has in all; 0: it is a global table's, and whole. */
  readonly count: number;
  readonly stores: ReadonlyMap<number, StateStore>;
  /** Those that have been given to this member, and can't be read yet. */
  readonly restoring: readonly number[];
}
