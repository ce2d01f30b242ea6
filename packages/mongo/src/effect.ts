import type { AnyBulkWriteOperation } from "mongodb";

/** A record's place; by topic id, as a topic that is deleted and made again starts anew at offset 0. */
export interface EventPosition {
  readonly topicId: string;
  readonly partition: number;
  readonly offset: number;
}

export interface EffectWrite {
  readonly collection: string;
  /** Safe to repeat: an upsert with a guard in its filter, or one that sets what is set already. */
  readonly operation: AnyBulkWriteOperation;
}

/** All that one record does to the database. */
export interface Effect {
  readonly position: EventPosition;
  /** Effects of one key are applied one after the other, in the order in which they came. */
  readonly key: string;
  /** Those to one collection are done in their order; nothing is promised between collections. */
  readonly writes: readonly EffectWrite[];
  /** Whether it is remembered in `processed_events`. */
  readonly mark: boolean;
}

/**
 * - `applied`: every write was done, or changed nothing because its filter said so.
 * - `older`: at least one guarded upsert found a newer document there and left it; the other writes were done. After a
 *   failure of the connection that left open whether a write was done, this may also be said of one that was.
 * - `repeated`: its position is marked already, and nothing was written. Only where there are transactions: elsewhere a
 *   repetition is left to the guards. Also said of a commit whose answer was lost, when it turns out to have been done.
 */
export type Outcome = "applied" | "older" | "repeated";
