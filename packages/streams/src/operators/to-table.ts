import { TopologyError } from "../errors.ts";
import { erased, type Serde } from "../serde.ts";
import { nullable } from "../serdes/nullable.ts";
import type { KStream, KTable } from "../stages.ts";
import { erasedStore, keyValueStore } from "../state/store-definition.ts";
import { operatorStage } from "./operator-stage.ts";
import { repartitionNode } from "./repartition.ts";
import { attachTableStore } from "./table-store.ts";

/**
 * The latest value of each key of a stream (`KStream.toTable`). Null values delete their key. If an earlier operator may
 * have changed the key, the records go through a repartition topic first, named after the store.
 */
export const toTable =
  <K, V>(options: {
    /** Names the store and its changelog. Renaming loses the state. */
    readonly store: string;
    /** Serdes where they are not known from the source topic. */
    readonly key?: Serde<NoInfer<NonNullable<K>>>;
    readonly value?: Serde<NoInfer<NonNullable<V>>>;
  }): ((stage: KStream<K, V>) => KTable<NonNullable<K>, NonNullable<V> | null>) =>
  ({ node }) => {
    const key = erased(options.key) ?? node.key;
    const value = erased(options.value) ?? node.value;
    const missing = key === undefined ? "key" : value === undefined ? "value" : undefined;
    if (key === undefined || value === undefined)
      throw new TopologyError(
        `the store "${options.store}" needs a ${missing} serde: give it to toTable() as { ${missing}: ... }`,
      );
    const parent = node.rekeyed
      ? repartitionNode(node, options.store, undefined, key, nullable(value))
      : node;
    const store = keyValueStore(options.store, { key, value });
    return operatorStage("KTable", [parent], {
      operator: "toTable",
      key,
      value,
      rekeyed: false,
      stores: [erasedStore(store)],
      attach: attachTableStore("toTable", store),
    });
  };
