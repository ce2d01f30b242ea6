import { type ErasedSerde, erased, type Serde } from "../serde.ts";
import type { Stage } from "../stages.ts";
import type { Row, WithDeleted } from "./row.ts";
import { stateless } from "./stateless.ts";
import { tableOperator } from "./table-operator.ts";

/**
 * A new value for each record, the key as it was (`KStream.mapValues`; `KTable.mapValues`, where the mapper is not
 * asked about deleted rows). Give the new value's serde where a later repartition or store needs it.
 */
export const mapValues =
  <Kind extends "KStream" | "KTable", K, V, V2>(
    mapper: (value: NoInfer<Row<Kind, V>>, key: K) => V2,
    options: { readonly value?: Serde<V2> } = {},
  ): ((stage: Stage<Kind, K, V>) => Stage<Kind, K, WithDeleted<Kind, V, V2>>) =>
  ({ node }) => {
    const value: ErasedSerde | undefined = erased(options.value);
    const mapped =
      node.kind === "KTable"
        ? tableOperator<K, V, V2>(
            node,
            "mapValues",
            (record, forward) => {
              const { newValue, oldValue } = record.value;
              forward({
                ...record,
                value: {
                  newValue: newValue === null ? null : mapper(newValue as Row<Kind, V>, record.key),
                  oldValue: oldValue === null ? null : mapper(oldValue as Row<Kind, V>, record.key),
                },
              });
            },
            false,
          )
        : stateless<K, V, K, V2>(node, "mapValues", { value }, (record, forward) =>
            forward({
              key: record.key,
              value: mapper(record.value as Row<Kind, V>, record.key),
              timestamp: record.timestamp,
              headers: record.headers,
            }),
          );
    return mapped as Stage<"KStream" | "KTable", K, V2> as Stage<Kind, K, WithDeleted<Kind, V, V2>>;
  };
