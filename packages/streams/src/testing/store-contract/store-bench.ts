import type { StateStore } from "../../state/state-store.ts";
import type { SomeStoreDefinition } from "../../state/store-definition.ts";
import type { StoreHooks } from "../../state/store-hooks.ts";
import type { StoreOf } from "../../state/store-of.ts";

/** Where the contract's stores live. */
export interface StoreBench {
  /** Opens a store of a definition: an empty one, or for stores that outlive their process what was there. */
  open<D extends SomeStoreDefinition>(definition: D, hooks: StoreHooks): StoreOf<D> & StateStore;
  /** Stores outlive their process: what is opened again is there, with its position. */
  readonly persistent: boolean;
  /** Resolves when everything committed so far would outlive the process. */
  settled(): Promise<void>;
  /** Throws all state away, and lets new stores be opened. */
  wipe(): Promise<void>;
  close(): Promise<void>;
}
