import { forEachRecord } from "./for-each-record.ts";
import type { AttachOne } from "./operator-stage.ts";
import type { TableStoreDefinition } from "./store-choice.ts";
import { tablePut } from "./table-put.ts";

/** Keeps the latest value of each key, or all versions; a null value deletes it. */
export const attachTableStore =
  (operator: string, definition: TableStoreDefinition): AttachOne =>
  ({ input }, task) => {
    const { changes, put } = tablePut(task, definition);
    forEachRecord(input, task, operator, (record) => {
      if (record.key === null) task.drop("nullKey");
      else put(record, record.value);
    });
    return changes;
  };
