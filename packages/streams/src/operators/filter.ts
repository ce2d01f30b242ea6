import type { Stage } from "../stages.ts";
import type { Row } from "./row.ts";
import { stateless } from "./stateless.ts";
import { tableOperator } from "./table-operator.ts";

type Filterable = "KStream" | "KTable";

/** Keeps what the predicate accepts (`KStream.filter`, `KTable.filter`: a row that stops matching is deleted). */
export const filter = <Kind extends Filterable, K, V>(
  predicate: (value: NoInfer<Row<Kind, V>>, key: K) => boolean,
): ((stage: Stage<Kind, K, V>) => Stage<Kind, K, V>) => keep("filter", predicate);

/** Drops what the predicate accepts (`KStream.filterNot`, `KTable.filterNot`). */
export const filterNot = <Kind extends Filterable, K, V>(
  predicate: (value: NoInfer<Row<Kind, V>>, key: K) => boolean,
): ((stage: Stage<Kind, K, V>) => Stage<Kind, K, V>) =>
  keep<Kind, K, V>("filterNot", (value, key) => !predicate(value, key));

const keep =
  <Kind extends Filterable, K, V>(operator: string, predicate: (value: Row<Kind, V>, key: K) => boolean) =>
  ({ node }: Stage<Kind, K, V>): Stage<Kind, K, V> => {
    const kept =
      node.kind === "KTable"
        ? tableOperator<K, V, V>(
            node,
            operator,
            (record, forward) => {
              const matching = (value: V | null): V | null =>
                value !== null && predicate(value as Row<Kind, V>, record.key) ? value : null;
              const newValue = matching(record.value.newValue);
              const oldValue = matching(record.value.oldValue);
              if (newValue !== null || oldValue !== null)
                forward({ ...record, value: { newValue, oldValue } });
            },
            true,
          )
        : stateless<K, V, K, V>(node, operator, {}, (record, forward) => {
            if (predicate(record.value as Row<Kind, V>, record.key)) forward(record);
          });
    return kept as Stage<"KStream" | "KTable", K, V> as Stage<Kind, K, V>;
  };
