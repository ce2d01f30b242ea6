import { erased, type Serde } from "../serde.ts";
import { nullable } from "../serdes/nullable.ts";
import type { KTable } from "../stages.ts";
import type { KeyValueStoreDefinition } from "../state/store-definition.ts";
import type { Topic } from "../topic.ts";
import type { Named } from "./named.ts";
import { sourceStage } from "./source-stage.ts";
import { chosenKeyValueStore, type StoreNameOr } from "./store-choice.ts";
import { tableStage } from "./table-stage.ts";

/**
 * The latest value of each key of a topic (`StreamsBuilder.table`). Null values delete their key; records with a null
 * key are dropped and counted.
 */
export const table = <K, V>(
  topic: Topic<K, V>,
  options: Named & {
    /**
     * Names the store and its changelog (`Materialized.as`). Renaming loses the state. A definition instead of a name is
     * for stores that a processor names too.
     */
    readonly store: StoreNameOr<KeyValueStoreDefinition<NoInfer<K>, NoInfer<V>>>;
  },
): KTable<NonNullable<K>, NonNullable<V> | null> => {
  const source = sourceStage(topic as Topic<unknown, unknown>, {
    operator: "table",
    name: options.name === undefined ? undefined : `${options.name}-source`,
    key: erased(nullable(topic.key)),
    value: erased(nullable(topic.value)),
    nulls: true,
  });
  return tableStage(
    source.node,
    "table",
    options.name,
    chosenKeyValueStore(
      options.store as StoreNameOr<KeyValueStoreDefinition>,
      topic.key as Serde<unknown>,
      topic.value as Serde<unknown>,
    ),
  );
};
