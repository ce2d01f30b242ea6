/** How a store is read from outside of its topology. */
export interface QueryOptions {
  /**
   * `committed` shows what the last durable commit left, which no crash takes back; `uncommitted` also what has been
   * processed since, which a crash or a lost transaction takes back (KIP-892's `isolation.level`). `committed` by default.
   */
  readonly isolation?: "committed" | "uncommitted";
  /**
   * Reads standbys, too, where this member has no better (`StoreQueryParameters.enableStaleStores`): what they answer was
   * committed, but may be behind; `positions` says how far they have come, `app.standbyLag` what they lack. False by default.
   */
  readonly stale?: boolean;
  /** Reads these partitions alone (`StoreQueryParameters.withPartition`); all that this member has by default. */
  readonly partitions?: readonly number[];
}
