import type { Headers } from "../../record.ts";
import type { ByteStore } from "../../state/byte-store.ts";
import { openStore } from "../../state/open-store.ts";
import type { ChangelogWriter, StateStore } from "../../state/state-store.ts";
import type { SomeStoreDefinition, StoreDefinition } from "../../state/store-definition.ts";
import type { StoreHooks } from "../../state/store-hooks.ts";
import type { StoreLookups } from "../../state/store-lookups.ts";
import { hasOwnChangelog } from "../topics/internal-topic-names.ts";
import { checkTimestamp } from "./timestamp.ts";
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
  headers?: Headers,
) => void;

/** The stores of one task, in the order of the topology: flushing one may make a later one dirty. */
export class TaskStores {
  readonly #stores = new Map<string, OpenStore>();
  /** Those that a revert has not come to the end of. */
  #reverting: OpenStore[] | undefined;

  constructor(
    definitions: readonly StoreDefinition[],
    hooks: Omit<StoreHooks, "write">,
    writeChangelog: WriteChangelog,
    bytesOf: (store: string) => ByteStore | undefined,
    lookupsOf: (store: string) => StoreLookups,
  ) {
    for (const definition of definitions) {
      const write: ChangelogWriter = hasOwnChangelog(definition)
        ? (key, value, at, headers) => {
            // What a processor put it with; -1 is a time that nobody knows.
            if (at !== -1) checkTimestamp(at);
            writeChangelog(definition.name, key, value, at, headers);
          }
        : () => undefined;
      this.#stores.set(definition.name, {
        definition,
        store: openStore(definition, {
          ...hooks,
          write,
          bytes: bytesOf(definition.name),
          lookups: lookupsOf(definition.name),
        }),
      });
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

  /** All of them, in order. */
  get all(): readonly StateStore[] {
    return [...this.#stores.values()].map(({ store }) => store);
  }

  get dirty(): boolean {
    for (const { store } of this.#stores.values()) if (store.dirty) return true;
    return false;
  }

  /** Estimate, bytes, of what the next commit holds. */
  get dirtyBytes(): number {
    let bytes = 0;
    for (const { store } of this.#stores.values()) bytes += store.dirtyBytes;
    return bytes;
  }

  /** One round over all stores, or as much of it as `budget` allows. */
  flush(budget: () => boolean): void {
    for (const { store } of this.#stores.values()) if (store.dirty && store.flush(budget)) return;
  }

  /** What was flushed so far belongs to this commit. */
  seal(commit: number): void {
    for (const { store } of this.#stores.values()) store.seal(commit);
  }

  /** That commit is durable; `endOf` answers up to where a store holds its changelog now, where that has changed. */
  committed(commit: number, endOf: (definition: StoreDefinition) => number | undefined): void {
    for (const { definition, store } of this.#stores.values()) store.committed(commit, endOf(definition));
  }

  /**
   * Undoes everything since the last durable commit; the operators that listened are gone. True when `budget` ended before:
   * the next call goes on.
   */
  revert(budget: () => boolean): boolean {
    this.#reverting ??= [...this.#stores.values()];
    for (let next = this.#reverting[0]; next !== undefined; next = this.#reverting[0]) {
      if (next.store.revert(budget)) return true;
      next.store.clearListeners();
      this.#reverting.shift();
    }
    this.#reverting = undefined;
    return false;
  }

  close(): void {
    for (const { store } of this.#stores.values()) store.close();
  }

  #open(name: string): OpenStore {
    const open = this.#stores.get(name);
    if (open === undefined)
      throw new Error(`there is no store "${name}" in this task; name it among the processor's stores`);
    return open;
  }
}
