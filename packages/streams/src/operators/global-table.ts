import { erased, type Serde } from "../serde.ts";
import { nullable } from "../serdes/nullable.ts";
import { RecordFlow } from "../runtime/task/record-flow.ts";
import type { GlobalKTable } from "../stages.ts";
import { keyValueStore } from "../state/store-definition.ts";
import type { Topic } from "../topic.ts";
import type { Named } from "./named.ts";
import { operatorStage } from "./operator-stage.ts";

/**
 * A table that every member holds whole, whatever the partitions of its topic, so streams can look up any key in it
 * (`StreamsBuilder.globalTable`). It is read from the topic's beginning before the first task starts, and kept up while
 * the application runs; stream time has no part in it. Null values delete their key; records with a null key are dropped
 * and counted.
 */
export const globalTable = <K, V>(
  topic: Topic<K, V>,
  options: Named & {
    /** Names the store (`Materialized.as`); it has no changelog but its topic. */
    readonly store: string;
  },
): GlobalKTable<NonNullable<K>, NonNullable<V> | null> => {
  const store = keyValueStore(options.store, {
    key: topic.key as Serde<unknown>,
    value: topic.value as Serde<unknown>,
    changelog: false,
  });
  return operatorStage<"GlobalKTable", NonNullable<K>, NonNullable<V> | null, never>(
    "GlobalKTable",
    {},
    {
      operator: "globalTable",
      name: options.name,
      role: { type: "global", topic: topic as Topic<unknown, unknown>, store },
      key: erased(nullable(topic.key)),
      value: erased(nullable(topic.value)),
      rekeyed: false,
      view: (task) => {
        const rows = task.globalStore(store);
        return { row: (key) => rows.told(key) };
      },
      attach: () => new RecordFlow(),
    },
  );
};
