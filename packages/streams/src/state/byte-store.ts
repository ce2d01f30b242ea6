/** Changes that a byte store is to make together, in their order: gathered one by one, written at once. */
export interface ByteBatch {
  /** Number of changes. */
  readonly size: number;
  /** What they take until they are written, bytes, about. */
  readonly byteLength: number;
  /** Adds a change; null deletes. Takes what it needs of key and value at once: they may be used again. */
  put(key: Uint8Array, value: Uint8Array | null): void;
}

/**
 * Bytes of one store that outlive the process, ordered by key: all that a persistent store needs below its row cache. It
 * holds committed state only, together with the changelog's position.
 */
export interface ByteStore {
  /** Next changelog offset after what is here; -1: none known. */
  readonly position: number;
  /** Longest key that it takes, in bytes. */
  readonly maxKeyLength: number;
  /** Number of rows, about. */
  readonly size: number;
  /** What the store above it may hold in memory beside its changes, bytes, about; 16 MiB by default. */
  readonly cacheBytes?: number | undefined;
  /** The bytes may be kept. */
  get(key: Uint8Array): Uint8Array | undefined;
  /** Rows with keys in `[from, to)`, in the order of their keys or backwards; undefined is no bound. */
  range(
    from: Uint8Array | undefined,
    to: Uint8Array | undefined,
    reverse: boolean,
  ): Iterable<readonly [key: Uint8Array, value: Uint8Array]>;
  /** An empty batch, for changes of this store. Reads do not see what is in it before it is written. */
  batch(): ByteBatch;
  /**
   * Makes the changes of a batch of its own, to which nothing is added any more, and moves the position with them: after a
   * crash both are there or neither. Reads see them at once; the promise resolves when they would outlive the process. It
   * takes no longer for many changes than for few: what that costs is spent in `put`. One write follows the other. Rejects
   * when they can't be written: the store goes on in memory then, and is behind its changelog when it is opened again.
   */
  write(batch: ByteBatch, position: number): Promise<void>;
  close(): void;
}
