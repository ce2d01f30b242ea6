import { TopologyError } from "../errors.ts";
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
    /**
     * The topic itself serves as the changelog, so nothing is stored twice: for a topic that is compacted and of which
     * nothing expires (`topology.optimization`, `reuse.ktable.source.topics`). False by default.
     */
    readonly sourceAsChangelog?: boolean;
  },
): KTable<NonNullable<K>, NonNullable<V> | null> => {
  const source = sourceStage(topic as Topic<unknown, unknown>, {
    operator: "table",
    name: options.name === undefined ? undefined : `${options.name}-source`,
    key: erased(nullable(topic.key)),
    value: erased(nullable(topic.value)),
    nulls: true,
  });
  const store = chosenKeyValueStore(
    options.store as StoreNameOr<KeyValueStoreDefinition>,
    topic.key as Serde<unknown>,
    topic.value as Serde<unknown>,
  );
  if (options.sourceAsChangelog !== true) return tableStage(source.node, "table", options.name, store);
  if (typeof options.store !== "string" && store.changelogTopic !== topic.name)
    throw new TopologyError(
      `the table of "${topic.name}" is to have that topic as its changelog, so its store "${store.name}" must say so: ` +
        `define it with changelogTopic: "${topic.name}", or give only its name`,
    );
  return tableStage(
    source.node,
    "table",
    options.name,
    typeof options.store === "string" ? { ...store, changelogTopic: topic.name } : store,
  );
};
