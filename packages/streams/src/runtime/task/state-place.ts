import type { ByteStore } from "../../state/byte-store.ts";

/** Where the stores of a task are kept beside their changelogs; undefined: in memory. */
export interface StatePlace {
  bytes(store: string): ByteStore | undefined;
  /** Bytes that were committed and would not outlive the process yet. */
  readonly pendingBytes: number;
  /** The task is no longer here. */
  close(): void;
}

export const inMemory: StatePlace = { bytes: () => undefined, pendingBytes: 0, close: () => undefined };
