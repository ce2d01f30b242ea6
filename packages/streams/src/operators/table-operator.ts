import type { Change } from "../change.ts";
import { TopologyError } from "../errors.ts";
import type { ErasedSerde } from "../serde.ts";
import type { KTable, StageNode } from "../stages.ts";
import type { TableView } from "../table-view.ts";
import type { Named } from "./named.ts";
import { operatorStage } from "./operator-stage.ts";
import { perRecord } from "./per-record.ts";

interface TableMapping<K, V, V2> extends Named {
  readonly operator: string;
  /** Of the new and the old value alike; null where there is no row any more. */
  readonly map: (value: V, key: K) => V2 | null;
  /** The new serde, where the values are others. */
  readonly value?: ErasedSerde | undefined;
  /** Whether a change from no row to no row is left out. */
  readonly dropsNothing: boolean;
}

/** A table operator without a store of its own. Joins read it through the operators above it. */
export const tableOperator = <K, V, V2>(
  parent: StageNode,
  { operator, name, map, dropsNothing, ...serdes }: TableMapping<K, V, V2>,
): KTable<K, V2> => {
  const { view } = parent;
  if (view === undefined) throw new TopologyError(`${operator}() is given a table that can't be read`);
  return operatorStage<"KTable", K, V2>(
    "KTable",
    { input: parent },
    {
      operator,
      name,
      ...serdes,
      view: (task): TableView<K, V2> => {
        const above = view(task) as TableView<K, V>;
        return {
          row: (key) => {
            const row = above.row(key);
            const mapped = row === undefined ? null : map(row.value, key);
            return row === undefined || mapped === null
              ? undefined
              : { value: mapped, timestamp: row.timestamp };
          },
        };
      },
      attach: ({ input }, task) =>
        input.pipe(
          perRecord<K, Change<V>, K, Change<V2>>(task, operator, (record, forward) => {
            const { newValue, oldValue, isLatest } = record.value;
            const mapped = newValue === null ? null : map(newValue, record.key);
            const old = oldValue === null ? null : map(oldValue, record.key);
            if (!dropsNothing || mapped !== null || old !== null)
              forward({ ...record, value: { newValue: mapped, oldValue: old, isLatest } });
          }),
        ),
    },
  );
};
