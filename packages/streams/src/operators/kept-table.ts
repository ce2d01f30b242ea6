import type { ErasedSerde } from "../serde.ts";
import type { StageNode } from "../stages.ts";
import { missingSerde } from "./missing-serde.ts";
import {
  chosenTableStore,
  nameOfStore,
  type StoreNameOr,
  type TableStoreDefinition,
} from "./store-choice.ts";

/** What a table operator may be given beside what it does. */
export type Kept<Kind, K, V> = Kind extends "KTable"
  ? {
      /**
       * Keeps the result in a store of its own (`Materialized.as`): rows are then made once, not by every reader, and
       * changes reach it at most once per commit. A definition instead of a name is for stores that a processor names
       * too, and for versioned ones.
       */
      readonly store?: StoreNameOr<TableStoreDefinition<K, NonNullable<V>>>;
    }
  : { readonly store?: "only tables are kept in stores: use toTable()" };

/** The store of a table operator's result, where it was given one. */
export const keptTable = (
  parent: StageNode,
  operator: string,
  store: unknown,
  value: ErasedSerde | undefined,
): TableStoreDefinition | undefined => {
  if (store === undefined) return undefined;
  const chosen = store as StoreNameOr<TableStoreDefinition>;
  const { key } = parent;
  const what = `the store "${nameOfStore(chosen)}"`;
  if (key === undefined) throw missingSerde(what, "key", `${operator}()`, parent);
  const known = value ?? (typeof chosen === "string" ? undefined : chosen.value);
  if (known === undefined) throw missingSerde(what, "value", `${operator}()`, parent);
  return chosenTableStore(chosen, key, known);
};
