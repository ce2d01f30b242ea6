import { erased, type Serde } from "../serde.ts";
import type { Stage } from "../stages.ts";
import type { Kept } from "./kept-table.ts";
import type { Named } from "./named.ts";
import type { OwnRecord } from "./of-record.ts";
import type { Mapped, Row, WithDeleted } from "./row.ts";
import { stateless } from "./stateless.ts";
import { tableOperator } from "./table-operator.ts";

/**
 * A new value for each record, the key as it was (`KStream.mapValues`; `KTable.mapValues`, where the mapper is not
 * asked about deleted rows, and null deletes the row). The mapper takes (value, key), and of a stream the record, too. Give the new value's serde where a
 * later repartition or store needs it.
 */
export const mapValues =
  <Kind extends "KStream" | "KTable", K, V, V2, R extends Mapped<Kind, V2> = Mapped<Kind, V2>>(
    mapper: (value: NoInfer<Row<Kind, V>>, key: K, record: OwnRecord<Kind, K, NoInfer<V>>) => R,
    options: Named & { readonly value?: Serde<V2> } & Kept<NoInfer<Kind>, NoInfer<K>, NoInfer<R>> = {},
  ): ((stage: Stage<Kind, K, V>) => Stage<Kind, K, WithDeleted<Kind, V, R>>) =>
  ({ node }) => {
    const { name, store } = options;
    const value = erased(options.value);
    const operator = "mapValues";
    const mapped: Stage<"KStream" | "KTable", K, R> =
      node.kind === "KTable"
        ? tableOperator<K, Row<Kind, V>, R>(node, {
            operator,
            ...(name !== undefined && { name }),
            map: () => (before, key) => (before === null ? null : mapper(before, key, undefined as never)),
            value,
            dropsNothing: false,
            store,
          })
        : stateless<K, V, K, R>(node, { operator, name, value }, (record, forward) => {
            const { key, timestamp, headers } = record;
            forward({
              key,
              value: mapper(record.value as Row<Kind, V>, key, record as never),
              timestamp,
              headers,
            });
          });
    return mapped as Stage<Kind, K, WithDeleted<Kind, V, R>>;
  };
