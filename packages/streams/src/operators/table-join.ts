import { RecordFlow } from "../runtime/task/record-flow.ts";
import type { Change } from "../change.ts";
import { TopologyError } from "../errors.ts";
import type { AnyRecord, KTable, StageNode } from "../stages.ts";
import type { TableRow } from "../table-row.ts";
import type { ViewTable } from "../table-view.ts";
import { forEachRecord } from "./for-each-record.ts";
import type { ErasedJoin, ErasedJoiner } from "./joined.ts";
import { keptTable } from "./kept-table.ts";
import { operatorStage } from "./operator-stage.ts";
import { readable } from "./readable.ts";
import { storesRead } from "./stores-read.ts";
import { storeView } from "./store-view.ts";
import { tablePut } from "./table-put.ts";

/** Which sides a result needs. */
interface Needs {
  readonly left: boolean;
  readonly right: boolean;
}

const needsOf: Readonly<Record<string, Needs>> = {
  join: { left: true, right: true },
  leftJoin: { left: true, right: false },
  outerJoin: { left: false, right: false },
};

/** The join of two tables by key (`KTableKTableJoin`). */
export const tableJoin = (
  left: StageNode,
  right: StageNode,
  operator: string,
  joiner: ErasedJoiner,
  { name, value, store }: ErasedJoin,
): KTable<unknown, unknown> => {
  const leftView = readable(left, operator);
  const rightView = readable(right, operator);
  const needs = needsOf[operator];
  if (needs === undefined) throw new TopologyError(`"${operator}" is no join of tables`);
  const result = resultOf(needs, joiner);
  const kept = keptTable(left, operator, store, value);
  return operatorStage<"KTable", unknown, unknown, "left" | "right">(
    "KTable",
    { left, right },
    {
      operator,
      name,
      value: kept?.value ?? value,
      rekeyed: false,
      stores: [
        ...new Set([...storesRead(left), ...storesRead(right), ...(kept === undefined ? [] : [kept])]),
      ],
      materialized: kept,
      view: kept === undefined ? joinedView(leftView, rightView, result) : storeView(kept),
      attach: (inputs, task) => {
        const leftRows = leftView(task, "told");
        const rightRows = rightView(task, "told");
        const made = new RecordFlow();
        const side = (other: TableSide, needsOther: boolean, make: Make): ((record: AnyRecord) => void) => {
          return (record) => {
            const { newValue, oldValue, isLatest } = record.value as Change<unknown>;
            if (!isLatest) {
              task.drop("late");
              return;
            }
            const row = other.row(record.key);
            const nothing = newValue === null && oldValue === null;
            if (row === undefined && (needsOther || nothing)) return;
            const change: Change<unknown> = {
              newValue: make(newValue, row?.value ?? null, record.key),
              oldValue: make(oldValue, row?.value ?? null, record.key),
              isLatest,
            };
            const timestamp = Math.max(record.timestamp, row?.timestamp ?? -1);
            made.next({ ...record, value: change, timestamp });
          };
        };
        const put = kept === undefined ? undefined : tablePut(task, kept);
        if (put !== undefined)
          made.each((record) => put.put(record, (record.value as Change<unknown>).newValue));
        forEachRecord(inputs.left, task, operator, side(rightRows, needs.right, result));
        forEachRecord(
          inputs.right,
          task,
          operator,
          side(leftRows, needs.left, (own, other, key) => result(other, own, key)),
        );
        return put?.changes ?? made;
      },
    },
  );
};

interface TableSide {
  row(key: unknown): TableRow<unknown> | undefined;
}

/** The result for two values, null where there is none. */
type Make = (one: unknown, other: unknown, key: unknown) => unknown;

const resultOf =
  (needs: Needs, joiner: ErasedJoiner): Make =>
  (left, right, key) =>
    (left === null && (needs.left || right === null)) || (right === null && needs.right)
      ? null
      : joiner(left, right, key);

const joinedView =
  (
    leftView: ViewTable<unknown, unknown>,
    rightView: ViewTable<unknown, unknown>,
    result: Make,
  ): ViewTable<unknown, unknown> =>
  (task, as) => {
    const leftRows = leftView(task, as);
    const rightRows = rightView(task, as);
    return {
      row: (key) => {
        const left = leftRows.row(key);
        const right = rightRows.row(key);
        const value = result(left?.value ?? null, right?.value ?? null, key);
        return value === null
          ? undefined
          : { value, timestamp: Math.max(left?.timestamp ?? -1, right?.timestamp ?? -1) };
      },
    };
  };
