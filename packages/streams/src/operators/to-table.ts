import { TopologyError } from "../errors.ts";
import { erased, type Serde } from "../serde.ts";
import { nullable } from "../serdes/nullable.ts";
import type { KStream, KTable } from "../stages.ts";
import { missingSerde } from "./missing-serde.ts";
import { repartitionNode } from "./repartition-node.ts";
import {
  chosenTableStore,
  nameOfStore,
  type StoreNameOr,
  type TableStoreDefinition,
} from "./store-choice.ts";
import { tableStage } from "./table-stage.ts";

/**
 * The latest value of each key of a stream (`KStream.toTable`). Null values delete their key. If an earlier operator may
 * have changed the key, the records go through a repartition topic first. Without a store it passes each record on as a
 * change; nothing that needs to read it, or its old values, can follow then.
 */
export const toTable =
  <K, V>(
    options: {
      /** Names the repartition topic where there is one (`Named`); by default it has the name of the store. */
      readonly name?: string;
      /** Names the store and its changelog (`Materialized.as`), or defines it. Renaming loses the state. */
      readonly store?: StoreNameOr<TableStoreDefinition<NoInfer<NonNullable<K>>, NoInfer<NonNullable<V>>>>;
      /** Serdes where they are not known from the source topic. */
      readonly key?: Serde<NoInfer<NonNullable<K>>>;
      readonly value?: Serde<NoInfer<NonNullable<V>>>;
    } = {},
  ): ((stage: KStream<K, V>) => KTable<NonNullable<K>, NonNullable<V> | null>) =>
  ({ node }) => {
    const store = options.store === undefined ? undefined : nameOfStore(options.store);
    const topic = options.name ?? store;
    if (node.rekeyed && topic === undefined)
      throw new TopologyError(
        "toTable() needs a repartition topic, for keys may have changed: give it a name",
      );
    const what = store === undefined ? "the table" : `the store "${store}"`;
    const key = erased(options.key) ?? node.key;
    const value = erased(options.value) ?? node.value;
    if (key === undefined) throw missingSerde(what, "key", "toTable()", node);
    if (value === undefined) throw missingSerde(what, "value", "toTable()", node);
    const input =
      node.rekeyed && topic !== undefined
        ? repartitionNode(node, topic, { operator: "toTable", key, value: nullable(value) })
        : node;
    return tableStage(
      input,
      { operator: "toTable", name: options.name, key, value },
      options.store === undefined
        ? undefined
        : chosenTableStore(options.store as StoreNameOr<TableStoreDefinition>, key, value),
    );
  };
