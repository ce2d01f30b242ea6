import type { TaskContext } from "./runtime/task/task-context.ts";
import type { TableRow } from "./table-row.ts";

/** A table, read by key within one task (Kafka Streams' `KTableValueGetter`). */
export interface TableView<K, V> {
  /**
   * Undefined where the table has no row. A versioned table answers what it had at `asOf`, ms, where that is given; of any
   * other the row as it is.
   */
  row(key: K, asOf?: number): TableRow<V> | undefined;
}

/**
 * Which rows are read: those of `now`, or those that the table has `told` of downstream, which is what it last flushed. A
 * stream's record meets the former. Changes of two tables that are joined meet the latter: else a row that goes on both
 * sides between two flushes would find the other side gone already, and nobody would tell that the result has gone.
 */
type ReadAs = "now" | "told";

/** How to read a table in a task: from its own store, or through the operators between it and a store. */
export type ViewTable<K, V> = (task: TaskContext, as: ReadAs) => TableView<K, V>;
