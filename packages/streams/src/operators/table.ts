import { erased } from "../serde.ts";
import { nullable } from "../serdes/nullable.ts";
import { type KTable, Stage } from "../stages.ts";
import { erasedStore, keyValueStore } from "../state/store-definition.ts";
import type { Topic } from "../topic.ts";
import { operatorStage, passThrough } from "./operator-stage.ts";
import { attachTableStore } from "./table-store.ts";

/**
 * The latest value of each key of a topic (`StreamsBuilder.table`). Null values delete their key; records with a null
 * key are dropped and counted. Its changelog is its own, not the topic: that may be compacted, or not.
 */
export const table = <K, V>(
  topic: Topic<K, V>,
  options: {
    /** Names the store and its changelog. Renaming loses the state. */
    readonly store: string;
  },
): KTable<NonNullable<K>, NonNullable<V> | null> => {
  const source = new Stage<"KStream", K | null, V | null>({
    operator: "table",
    kind: "KStream",
    role: { type: "source", topic: topic as Topic<unknown, unknown> },
    parents: [],
    key: erased(nullable(topic.key)),
    value: erased(nullable(topic.value)),
    rekeyed: false,
    stores: [],
    attach: passThrough,
  });
  const store = keyValueStore(options.store, topic);
  return operatorStage("KTable", [source.node], {
    operator: "table",
    key: erased(topic.key),
    value: erased(topic.value),
    stores: [erasedStore(store)],
    attach: attachTableStore("table", store),
  });
};
