import type { Change } from "../change.ts";
import { noHeaders } from "../record.ts";
import type { AnyRecord, Attach } from "../stages.ts";
import type { KeyValueStoreDefinition } from "../state/store-definition.ts";
import { Subject } from "rxjs";
import type { Step } from "./aggregation.ts";
import { forEachRecord } from "./for-each-record.ts";

/** An aggregation without windows. Its results are forwarded when the store flushes: once per key and commit. */
export const attachKeyedAggregate =
  <K, V, A>(operator: string, definition: KeyValueStoreDefinition<K, A>, step: Step<K, V, A>): Attach =>
  ([input], task) => {
    const out = new Subject<AnyRecord>();
    const store = task.keyValueStore(definition);
    task.onFlush<K, A>(definition.name, (entry, old) => {
      const value: Change<A> = { newValue: entry.value ?? null, oldValue: old ?? null };
      out.next({ key: entry.key, value, timestamp: entry.timestamp, headers: noHeaders });
    });
    forEachRecord(input, task, operator, (record) => {
      if (record.key === null || record.value === null) {
        task.drop("nullKey");
        return;
      }
      const key = record.key as K;
      const row = store.entry(key);
      const next = step(row?.value, record.value as V, key);
      const timestamp = row === undefined ? record.timestamp : Math.max(row.timestamp, record.timestamp);
      if (next === null) store.delete(key, timestamp);
      else store.put(key, next, timestamp);
    });
    return out;
  };
