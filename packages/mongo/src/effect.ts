import type { AnyBulkWriteOperation, Document } from "mongodb";

/** A record's place; by topic id, as a topic that is deleted and made again starts anew at offset 0. */
export interface EventPosition {
  readonly topicId: string;
  readonly partition: number;
  readonly offset: number;
}

/** One write of an effect. */
export interface EffectWrite {
  readonly collection: string;
  /** Safe to repeat: an upsert with a guard in its filter, or one that sets what is set already. */
  readonly operation: AnyBulkWriteOperation;
  /**
   * A filter that finds a document as soon as this write is done. A write that has one must be done: where its guard
   * matched nothing and the proof finds nothing either, what the effect was made from has changed, and it is `stale`.
   */
  readonly proof?: Document;
}

/** All that one record does to the database. */
export interface Effect {
  /** Where the record was read: what it is remembered by. */
  readonly position: EventPosition;
  /** Effects of one key are applied one after the other, in the order in which they came. */
  readonly key: string;
  /** Those to one collection are done in their order; nothing is promised between collections. */
  readonly writes: readonly EffectWrite[];
  /** How `processed_events` remembers it: by its position, by an upsert of its own, or not at all (false). */
  readonly mark: boolean | AnyBulkWriteOperation;
}

/**
 * - `applied`: every write was done, or changed nothing because its filter said so.
 * - `older`: at least one guarded upsert found a newer document there and left it; the other writes were done. After a
 *   failure of the connection that left open whether a write was done, this may also be said of one that was.
 * - `repeated`: its position is marked already, and nothing was written. Only where there are transactions: elsewhere a
 *   repetition is left to the guards. Also said of a commit whose answer was lost, when it turns out to have been done.
 * - `stale`: a write with a proof was not done, as somebody else changed what it was to change. The effect is not marked;
 *   where there are transactions nothing of it was written, elsewhere its other writes may have been. Read again what it
 *   came from, decide anew, and apply what comes of that.
 */
export type Outcome = "applied" | "older" | "repeated" | "stale";
