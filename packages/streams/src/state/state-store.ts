/** Where a store writes what changed: bytes as they stand in the changelog topic. */
export type ChangelogWriter = (key: Uint8Array, value: Uint8Array | null, timestamp: number) => void;

/**
 * What the runtime knows of every store. A store keeps what changed since the last flush, one entry per key; `flush`
 * writes it to the changelog, and listeners forward it downstream.
 */
export interface StateStore {
  readonly name: string;
  /** True while something has changed since the last flush. */
  readonly dirty: boolean;
  /** Writes every entry that changed, in the order of its last change, and tells the flush listener of each. */
  flush(writer: ChangelogWriter): void;
  /** Applies a record of the changelog; a null value deletes. Nothing becomes dirty. */
  restore(key: Buffer, value: Buffer | null, timestamp: number): void;
  /** Number of entries; exact for memory stores. */
  approximateEntries(): number;
}
