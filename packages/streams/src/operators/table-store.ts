import { Subject } from "rxjs";
import type { Change } from "../change.ts";
import { noHeaders } from "../record.ts";
import type { AnyRecord, Attach } from "../stages.ts";
import type { KeyValueStoreDefinition } from "../state/store-definition.ts";
import { forEachRecord } from "./for-each-record.ts";

/** Keeps the latest value of each key; a null value deletes it. Changes are forwarded when the store flushes. */
export const attachTableStore =
  <K, V>(operator: string, definition: KeyValueStoreDefinition<K, V>): Attach =>
  ([input], task) => {
    const out = new Subject<AnyRecord>();
    const store = task.store(definition);
    store.onFlush(({ key, value, timestamp }, old) => {
      const change: Change<V> = { newValue: value ?? null, oldValue: old ?? null };
      out.next({ key, value: change, timestamp, headers: noHeaders });
    });
    forEachRecord(input, task, operator, ({ key, value, timestamp }) => {
      if (key === null) task.drop("nullKey");
      else if (value === null) store.delete(key as K, timestamp);
      else store.put(key as K, value as V, timestamp);
    });
    return out;
  };
