import type { MillraceError } from "../errors.ts";
import type { Headers } from "../record.ts";
import type { ByteStore } from "./byte-store.ts";
import type { ChangelogWriter } from "./state-store.ts";
import type { StoreLookups } from "./store-lookups.ts";

/** What ties a store to its task. */
export interface StoreHooks {
  /** Writes to the store's changelog; does nothing where it has none. */
  readonly write: ChangelogWriter;
  /** Event time of the record being processed, ms: the timestamp of changelog records by default. */
  timestamp(): number;
  /** Of that record; left out where there are none. */
  headers?(): Headers;
  /** Stream time of the task, ms; left out where there is none, and nothing expires by it. */
  streamTime?(): number;
  /** The write cache is off: every change is flushed at once (`statestore.cache.max.bytes = 0`). */
  readonly writeThrough: boolean;
  /** A row that came and went between two flushes is told of all the same; as `writeThrough` says unless said here. */
  readonly tellsPassing?: boolean;
  /** Windows that expire are deleted from the changelog too; otherwise its topic's retention has to do it. */
  readonly expireInChangelog: boolean;
  /** Flushed values are read back from what was written, so that all find what they would find after a restart. For tests. */
  readonly readsBack?: boolean | undefined;
  /** Where the store outlives the process; without it the store is in memory. */
  readonly bytes?: ByteStore | undefined;
  /** Where a persistent store counts how often its rows are in memory; left out where nobody reads it. */
  readonly lookups?: StoreLookups | undefined;
  /** What a persistent store may hold in memory beside its changes, bytes, about; 16 MiB by default. */
  readonly cacheBytes?: number | undefined;
  /**
   * A row could not be written: a serde refused its key or value (code SERIALIZATION, or the serde's own), or `write`
   * threw. The error names store and key, its cause is what was thrown. The production handler decides: returns when the
   * change is to be left out, in which case the row is again what it was before; otherwise stops the task or throws.
   */
  refused(error: MillraceError): void;
}
