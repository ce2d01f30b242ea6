import { erased, type Serde } from "../serde.ts";
import type { Stage } from "../stages.ts";
import type { Named } from "./named.ts";
import type { Row, WithDeleted } from "./row.ts";
import { stateless } from "./stateless.ts";
import { tableOperator } from "./table-operator.ts";

/**
 * A new value for each record, the key as it was (`KStream.mapValues`; `KTable.mapValues`, where the mapper is not
 * asked about deleted rows). The mapper takes (value, key). Give the new value's serde where a later repartition or
 * store needs it.
 */
export const mapValues =
  <Kind extends "KStream" | "KTable", K, V, V2>(
    mapper: (value: NoInfer<Row<Kind, V>>, key: K) => V2,
    options: Named & { readonly value?: Serde<V2> } = {},
  ): ((stage: Stage<Kind, K, V>) => Stage<Kind, K, WithDeleted<Kind, V, V2>>) =>
  ({ node }) => {
    const { name } = options;
    const value = erased(options.value);
    const operator = "mapValues";
    const mapped: Stage<"KStream" | "KTable", K, V2> =
      node.kind === "KTable"
        ? tableOperator<K, Row<Kind, V>, V2>(node, {
            operator,
            ...(name !== undefined && { name }),
            map: mapper,
            value,
            dropsNothing: false,
          })
        : stateless<K, V, K, V2>(
            node,
            { operator, name, value },
            ({ key, value: before, timestamp, headers }, forward) =>
              forward({ key, value: mapper(before as Row<Kind, V>, key), timestamp, headers }),
          );
    return mapped as Stage<Kind, K, WithDeleted<Kind, V, V2>>;
  };
