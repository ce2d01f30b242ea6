import type { KeyValueStoreDefinition } from "../state/store-definition.ts";
import { changesOf } from "./changes-of.ts";
import { forEachRecord } from "./for-each-record.ts";
import type { AttachOne } from "./operator-stage.ts";

/** Keeps the latest value of each key; a null value deletes it. Changes are forwarded when the store flushes. */
export const attachTableStore =
  (operator: string, definition: KeyValueStoreDefinition): AttachOne =>
  ({ input }, task) => {
    const store = task.store(definition);
    const out = changesOf(store);
    forEachRecord(input, task, operator, ({ key, value, timestamp }) => {
      if (key === null) task.drop("nullKey");
      else if (value === null) store.delete(key, timestamp);
      else store.put(key, value, timestamp);
    });
    return out;
  };
