import type { Change } from "../change.ts";
import type { TaskContext } from "../runtime/task/task-context.ts";
import type { ErasedSerde } from "../serde.ts";
import type { KTable, StageNode } from "../stages.ts";
import type { StoreDefinition } from "../state/store-definition.ts";
import type { TableView, ViewTable } from "../table-view.ts";
import { forEachRecord } from "./for-each-record.ts";
import { keptTable } from "./kept-table.ts";
import { MappedChange } from "./mapped-change.ts";
import type { Named } from "./named.ts";
import { type AttachOne, operatorStage } from "./operator-stage.ts";
import { perRecord } from "./per-record.ts";
import type { TableStoreDefinition } from "./store-choice.ts";
import { storeView } from "./store-view.ts";
import { tablePut } from "./table-put.ts";

/** What is made of a row; null is no row, before and after. */
type MapRow<K, V, V2> = (value: V | null, key: K) => V2 | null;

interface TableMapping<K, V, V2> extends Named {
  readonly operator: string;
  /** Of the new and the old value alike; made anew for each task, and for each reader. */
  readonly map: (task: TaskContext) => MapRow<K, V, V2>;
  /** The new serde, where the values are others. */
  readonly value?: ErasedSerde | undefined;
  /** Whether a change from no row to no row is left out. */
  readonly dropsNothing: boolean;
  /** The name or definition of the store of its result. */
  readonly store: unknown;
  /** Stores that `map` uses. */
  readonly uses?: readonly StoreDefinition[];
}

/** A table operator, with or without a store of its own. Without one joins read it through the operators above it. */
export const tableOperator = <K, V, V2>(
  parent: StageNode,
  mapping: TableMapping<K, V, V2>,
): KTable<K, V2> => {
  const { operator, name, uses = [] } = mapping;
  const value = "value" in mapping ? mapping.value : parent.value;
  const kept = keptTable(parent, operator, mapping.store, value);
  return operatorStage<"KTable", K, V2>(
    "KTable",
    { input: parent },
    {
      operator,
      name,
      value: kept?.value ?? value,
      stores: kept === undefined ? uses : [...uses, kept],
      materialized: kept,
      view: kept === undefined ? viewThrough(parent.view, mapping) : storeView(kept),
      attach: kept === undefined ? attachMapping(mapping) : attachKept(mapping, kept),
    },
  );
};

const viewThrough = <K, V, V2>(
  view: ViewTable<unknown, unknown> | undefined,
  mapping: TableMapping<K, V, V2>,
): ViewTable<K, V2> | undefined =>
  view === undefined
    ? undefined
    : (task, as): TableView<K, V2> => {
        const above = view(task, as) as TableView<K, V>;
        const map = mapping.map(task);
        return {
          row: (key, asOf) => {
            const row = above.row(key, asOf);
            const mapped = map(row?.value ?? null, key);
            return mapped === null ? undefined : { value: mapped, timestamp: row?.timestamp ?? -1 };
          },
        };
      };

const attachMapping =
  <K, V, V2>({ operator, map: open, dropsNothing }: TableMapping<K, V, V2>): AttachOne =>
  ({ input }, task) => {
    const map = open(task);
    return perRecord<K, Change<V>, K, Change<V2>>(input, task, operator, (record, forward) => {
      const { key, value: before } = record;
      const mapped = map(before.newValue, key);
      const value = new MappedChange<V, V2>(mapped, before, (old) => map(old, key));
      if (!dropsNothing || mapped !== null || value.oldValue !== null) forward({ ...record, value });
    });
  };

const attachKept =
  <K, V, V2>(
    { operator, map: open, dropsNothing }: TableMapping<K, V, V2>,
    kept: TableStoreDefinition,
  ): AttachOne =>
  ({ input }, task) => {
    const map = open(task);
    const { changes, put, current } = tablePut(task, kept);
    forEachRecord(input, task, operator, (record) => {
      const mapped = map((record.value as Change<V>).newValue, record.key as K);
      if (!dropsNothing || mapped !== null || current(record.key) !== null) put(record, mapped);
    });
    return changes;
  };
