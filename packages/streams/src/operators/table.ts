import { TopologyError } from "../errors.ts";
import { erased, type Serde } from "../serde.ts";
import { nullable } from "../serdes/nullable.ts";
import type { KTable } from "../stages.ts";
import type { Topic } from "../topic.ts";
import type { Named } from "./named.ts";
import { sourceStage } from "./source-stage.ts";
import { chosenTableStore, type StoreNameOr, type TableStoreDefinition } from "./store-choice.ts";
import { tableStage } from "./table-stage.ts";

/**
 * The latest value of each key of a topic (`StreamsBuilder.table`). Null values delete their key; records with a null
 * key are dropped and counted. With a versioned store it knows what it was at other times, too: a record that comes late is
 * history, and does not replace a newer row (KIP-914). Without a store it passes each record on as a change; nothing that
 * needs to read it, or its old values, can follow then.
 */
export const table = <K, V>(
  topic: Topic<K, V>,
  options: Named & {
    /**
     * Names the store and its changelog (`Materialized.as`). Renaming loses the state. A definition instead of a name is
     * for stores that a processor names too, and for versioned ones.
     */
    readonly store?: StoreNameOr<TableStoreDefinition<NoInfer<NonNullable<K>>, NoInfer<NonNullable<V>>>>;
    /**
     * The topic itself serves as the changelog, so nothing is stored twice: for a topic that is compacted and of which
     * nothing expires (`topology.optimization`, `reuse.ktable.source.topics`). False by default.
     */
    readonly sourceAsChangelog?: boolean;
  } = {},
): KTable<NonNullable<K>, NonNullable<V> | null> => {
  const source = sourceStage({
    operator: "table",
    topics: [topic as Topic<unknown, unknown>],
    name: options.name === undefined ? undefined : `${options.name}-source`,
    key: erased(nullable(topic.key)),
    value: erased(nullable(topic.value)),
    nulls: true,
  });
  const key = topic.key as Serde<unknown>;
  const value = topic.value as Serde<unknown>;
  const chosen =
    options.store === undefined
      ? undefined
      : chosenTableStore(options.store as StoreNameOr<TableStoreDefinition>, key, value);
  return tableStage(
    source.node,
    { operator: "table", name: options.name, key, value },
    options.sourceAsChangelog === true
      ? readFrom(topic.name, chosen, typeof options.store === "string")
      : chosen,
  );
};

/** The same store, with its topic as its changelog. */
const readFrom = (
  topic: string,
  store: TableStoreDefinition | undefined,
  onlyNamed: boolean,
): TableStoreDefinition => {
  if (store === undefined)
    throw new TopologyError(`the table of "${topic}" has no store that could have a changelog: give it one`);
  if (onlyNamed) return { ...store, changelogTopic: topic };
  if (store.changelogTopic !== topic)
    throw new TopologyError(
      `the table of "${topic}" is to have that topic as its changelog, so its store "${store.name}" must say so: ` +
        `define it with changelogTopic: "${topic}", or give only its name`,
    );
  return store;
};
