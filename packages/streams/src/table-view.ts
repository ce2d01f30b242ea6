import type { TaskContext } from "./runtime/task/task-context.ts";

/** A row as a join finds it: its value, and its event time in ms. */
export interface TableRow<V> {
  readonly value: V;
  readonly timestamp: number;
}

/** A table, read by key within one task (Kafka Streams' `KTableValueGetter`). */
export interface TableView<K, V> {
  /** Undefined where the table has no row. */
  row(key: K): TableRow<V> | undefined;
}

/** How to read a table in a task: from its own store, or through the operators between it and a store. */
export type ViewTable<K, V> = (task: TaskContext) => TableView<K, V>;
