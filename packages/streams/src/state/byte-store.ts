/** One change of a byte store; null deletes. */
export interface ByteChange {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
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
  /**
   * Applies changes in their order, and the position with them: after a crash both are there or neither. Reads see them at
   * once; the promise resolves when they would outlive the process. One write follows the other. Rejects when they can't
   * be written: the store goes on in memory then, and is behind its changelog when it is opened again.
   */
  write(changes: readonly ByteChange[], position: number): Promise<void>;
  close(): void;
}
