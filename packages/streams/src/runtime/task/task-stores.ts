import { openStore } from "../../state/open-store.ts";
import type { ChangelogWriter, StateStore } from "../../state/state-store.ts";
import type { SomeStoreDefinition, StoreDefinition } from "../../state/store-definition.ts";
import type { StoreHooks } from "../../state/store-hooks.ts";
import type { StoreOf } from "../../state/store-of.ts";

interface OpenStore {
  readonly definition: StoreDefinition;
  readonly store: StateStore;
}

/** Writes to the changelog of a store. */
export type WriteChangelog = (
  store: string,
  key: Uint8Array,
  value: Uint8Array | null,
  timestamp: number,
) => void;

/** The stores of one task, in the order of the topology: flushing one may make a later one dirty. */
export class TaskStores {
  readonly #stores = new Map<string, OpenStore>();
  #epoch = 0;

  constructor(
    definitions: readonly StoreDefinition[],
    hooks: Omit<StoreHooks, "write">,
    writeChangelog: WriteChangelog,
  ) {
    for (const definition of definitions) {
      const write: ChangelogWriter = definition.changelog
        ? (key, value, at) => writeChangelog(definition.name, key, value, at)
        : () => undefined;
      this.#stores.set(definition.name, { definition, store: openStore(definition, { ...hooks, write }) });
    }
  }

  get(name: string): StateStore {
    return this.#open(name).store;
  }

  /** The store of that definition, or of another one of the same name and kind. */
  of<D extends SomeStoreDefinition>({ name, kind }: D): StoreOf<D> {
    const { definition, store } = this.#open(name);
    if (definition.kind !== kind)
      throw new Error(`store "${name}" is of the kind ${definition.kind}, not ${kind}`);
    return store as StateStore & StoreOf<D>;
  }

  get dirty(): boolean {
    for (const { store } of this.#stores.values()) if (store.dirty) return true;
    return false;
  }

  flush(): void {
    for (const { store } of this.#stores.values()) if (store.dirty) store.flush();
  }

  /** What was flushed can't be taken back any more. */
  committed(): void {
    this.#epoch++;
    for (const { store } of this.#stores.values()) {
      store.seal(this.#epoch);
      store.committed(this.#epoch, undefined);
    }
  }

  #open(name: string): OpenStore {
    const open = this.#stores.get(name);
    if (open === undefined)
      throw new Error(`there is no store "${name}" in this task; name it among the processor's stores`);
    return open;
  }
}
