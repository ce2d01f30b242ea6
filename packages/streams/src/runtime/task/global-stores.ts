import type { KeyValueStore } from "../../state/key-value-store.ts";

/** The stores of global tables, which the tasks of a process share. */
export interface GlobalStores {
  /** Throws where no global table has a store of that name. */
  store(name: string): KeyValueStore<unknown, unknown>;
}
