import { RecordFlow } from "../runtime/task/record-flow.ts";
import type { Change } from "../change.ts";
import type { TaskContext } from "../runtime/task/task-context.ts";
import type { AnyRecord } from "../stages.ts";
import type { TableStoreDefinition } from "./store-choice.ts";
import { changesOf } from "./changes-of.ts";

/** The store of a table in one task. */
interface TablePut {
  /** What the table forwards: when its store flushes, or, where every version counts, at once. */
  readonly changes: RecordFlow;
  /** Takes the record's value as the row of its key; null deletes it. */
  readonly put: (record: AnyRecord, value: unknown) => void;
  /** The value of a key as it is. */
  readonly current: (key: unknown) => unknown;
}

/** Opens a table's store for what flows into it. */
export const tablePut = (task: TaskContext, definition: TableStoreDefinition): TablePut => {
  if (definition.kind === "keyValue") {
    const store = task.store(definition);
    return {
      changes: changesOf(store),
      put: ({ key, timestamp }, value) => {
        if (value === null) store.delete(key, timestamp);
        else store.put(key, value, timestamp);
      },
      current: (key) => store.get(key) ?? null,
    };
  }
  const store = task.store(definition);
  const changes = new RecordFlow();
  const current = (key: unknown): unknown => store.get(key)?.value ?? null;
  return {
    changes,
    current,
    put: (record, value) => {
      const { key, timestamp } = record;
      const oldValue = current(key);
      const put = store.put(key, value, timestamp);
      if (put === undefined) {
        task.drop("late");
        return;
      }
      const isLatest = put.validTo === Number.POSITIVE_INFINITY;
      const change: Change<unknown> = { newValue: value, oldValue, isLatest };
      changes.next({ ...record, value: change });
    },
  };
};
