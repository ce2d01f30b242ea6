import { erased, type Serde } from "../serde.ts";
import { nullable } from "../serdes/nullable.ts";
import type { KStream, KTable } from "../stages.ts";
import type { KeyValueStoreDefinition } from "../state/store-definition.ts";
import { missingSerde } from "./missing-serde.ts";
import { repartitionNode } from "./repartition-node.ts";
import { chosenKeyValueStore, nameOfStore, type StoreNameOr } from "./store-choice.ts";
import { tableStage } from "./table-stage.ts";

/**
 * The latest value of each key of a stream (`KStream.toTable`). Null values delete their key. If an earlier operator may
 * have changed the key, the records go through a repartition topic first.
 */
export const toTable =
  <K, V>(options: {
    /** Names the repartition topic where there is one (`Named`); by default it has the name of the store. */
    readonly name?: string;
    /** Names the store and its changelog (`Materialized.as`), or defines it. Renaming loses the state. */
    readonly store: StoreNameOr<KeyValueStoreDefinition<NoInfer<NonNullable<K>>, NoInfer<NonNullable<V>>>>;
    /** Serdes where they are not known from the source topic. */
    readonly key?: Serde<NoInfer<NonNullable<K>>>;
    readonly value?: Serde<NoInfer<NonNullable<V>>>;
  }): ((stage: KStream<K, V>) => KTable<NonNullable<K>, NonNullable<V> | null>) =>
  ({ node }) => {
    const store = nameOfStore(options.store);
    const key = erased(options.key) ?? node.key;
    const value = erased(options.value) ?? node.value;
    if (key === undefined) throw missingSerde(`the store "${store}"`, "key", "toTable()", node);
    if (value === undefined) throw missingSerde(`the store "${store}"`, "value", "toTable()", node);
    const input = node.rekeyed
      ? repartitionNode(node, options.name ?? store, { operator: "toTable", key, value: nullable(value) })
      : node;
    return tableStage(
      input,
      "toTable",
      options.name,
      chosenKeyValueStore(options.store as StoreNameOr<KeyValueStoreDefinition>, key, value),
    );
  };
