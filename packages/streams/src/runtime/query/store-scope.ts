import type { StateStore } from "../../state/state-store.ts";
import type { StoreDefinition } from "../../state/store-definition.ts";
import { partitionForKey } from "../../transport/murmur2.ts";
import type { HeldPartitions } from "./held-partitions.ts";
import { storeElsewhere, storeRestoring } from "./query-error.ts";

export interface StoreScopeOptions<S> {
  readonly applicationId: string;
  readonly definition: StoreDefinition;
  /** Looked up at each read: partitions come and go. Throws where the application is not at work. */
  readonly held: () => HeldPartitions;
  readonly partitions: readonly number[] | undefined;
  /** How the store of one partition is read. */
  readonly view: (store: StateStore) => S;
}

/** What of a store a query reads: the partitions that are here, or those that were asked for. */
export class StoreScope<S> {
  readonly #options: StoreScopeOptions<S>;

  constructor(options: StoreScopeOptions<S>) {
    this.#options = options;
  }

  get positions(): ReadonlyMap<number, number> {
    const { stores, count } = this.#options.held();
    const held = [...stores].filter(([partition]) => count > 0 && this.#isAsked(partition));
    return new Map(
      held.toSorted(([a], [b]) => a - b).map(([partition, { position }]) => [partition, position]),
    );
  }

  /** The partitions, for a read of many keys. Throws STORE_RESTORING or STORE_ELSEWHERE where it would miss some. */
  all(): readonly S[] {
    const { applicationId, definition, partitions, view } = this.#options;
    const { stores, restoring } = this.#options.held();
    const waiting = restoring.filter((partition) => this.#isAsked(partition));
    if (waiting.length > 0) throw storeRestoring(definition.name, waiting);
    const missing = (partitions ?? []).filter((partition) => !stores.has(partition));
    if (missing.length > 0 || stores.size === 0)
      throw storeElsewhere(definition.name, applicationId, missing);
    return this.#asked(stores).map(view);
  }

  /**
   * What the first partition answers that has something of the key. Throws STORE_RESTORING or STORE_ELSEWHERE where none
   * has, and the partition that the default partitioner gives the key is not among them.
   */
  ofKey<T>(key: unknown, read: (store: S) => T | undefined): T | undefined {
    const { applicationId, definition, partitions, view } = this.#options;
    const { stores, restoring, count } = this.#options.held();
    for (const store of this.#asked(stores)) {
      const found = read(view(store));
      if (found !== undefined) return found;
    }
    const bytes = definition.key.serialize(key);
    const needed = partitions ?? (count === 0 || bytes === null ? [] : [partitionForKey(bytes, count)]);
    const missing = needed.filter((partition) => !stores.has(partition));
    const waiting = missing.filter((partition) => restoring.includes(partition));
    if (waiting.length > 0) throw storeRestoring(definition.name, waiting);
    if (missing.length > 0) throw storeElsewhere(definition.name, applicationId, missing);
    return undefined;
  }

  /** The same for what a key has several of. */
  listOfKey<T>(key: unknown, read: (store: S) => Iterable<T>): readonly T[] {
    return (
      this.ofKey(key, (store) => {
        const found = [...read(store)];
        return found.length === 0 ? undefined : found;
      }) ?? []
    );
  }

  /** The bytes of a key, by which rows are ordered. */
  keyBytes(key: unknown): Uint8Array {
    return this.#options.definition.key.serialize(key) ?? noBytes;
  }

  #asked(stores: HeldPartitions["stores"]): readonly StateStore[] {
    return [...stores].filter(([partition]) => this.#isAsked(partition)).map(([, store]) => store);
  }

  #isAsked(partition: number): boolean {
    return this.#options.partitions?.includes(partition) ?? true;
  }
}

const noBytes = Buffer.alloc(0);
