import type { Entry } from "./entry.ts";
import type { ChangelogWriter } from "./state-store.ts";

/** What ties a store to its task. */
export interface StoreHooks<K, V> {
  /** Event time of the record being processed, ms: the timestamp of changelog records by default. */
  timestamp(): number;
  /** Told of each entry that a flush wrote, after its changelog record: the place to forward downstream. */
  onFlush?: ((entry: Entry<K, V>, old: V | undefined) => void) | undefined;
  /** Present when the write cache is off: every change is flushed at once. */
  readonly writeThrough: ChangelogWriter | undefined;
  /** Windows that expire are deleted from the changelog too; otherwise its topic's retention has to do it. */
  readonly expireInChangelog: boolean;
}

/** Timestamp of a tombstone in the changelog, ms: without the write cache that of the record that deleted the row. */
export const deletedAt = <K, V>(entry: Entry<K, V>, hooks: StoreHooks<K, V>): number =>
  hooks.writeThrough === undefined ? entry.timestamp : hooks.timestamp();
