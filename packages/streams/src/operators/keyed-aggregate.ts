import type { Change } from "../change.ts";
import { noHeaders } from "../record.ts";
import type { AnyRecord, Attach } from "../stages.ts";
import type { KeyValueStoreDefinition } from "../state/store-definition.ts";
import { Subject } from "rxjs";
import { aggregateOf, type Step } from "./aggregation.ts";
import { forEachRecord } from "./for-each-record.ts";

/** An aggregation without windows. Its results are forwarded when the store flushes: once per key and commit. */
export const attachKeyedAggregate =
  <K, V, A>(operator: string, definition: KeyValueStoreDefinition<K, A>, step: Step<K, V, A>): Attach =>
  ([input], task) => {
    const out = new Subject<AnyRecord>();
    const store = task.store(definition);
    store.onFlush(({ key, value, timestamp }, old) => {
      const change: Change<A> = { newValue: value ?? null, oldValue: old ?? null };
      out.next({ key, value: change, timestamp, headers: noHeaders });
    });
    forEachRecord(input, task, operator, (record) => {
      if (record.key === null || record.value === null) {
        task.drop("nullKey");
        return;
      }
      const key = record.key as K;
      const row = store.row(key);
      const next = aggregateOf(step(row?.value, record.value as V, key));
      if (row === undefined) store.insert(key, next, record.timestamp);
      else store.update(row, next, Math.max(row.timestamp, record.timestamp));
    });
    return out;
  };
