import type { KeyValueStoreDefinition } from "../state/store-definition.ts";
import { aggregateOf, type Step } from "./aggregation.ts";
import { changesOf } from "./changes-of.ts";
import { forEachRecord } from "./for-each-record.ts";
import type { AttachOne } from "./operator-stage.ts";

/** An aggregation without windows. Its results are forwarded when the store flushes. */
export const attachKeyedAggregate =
  <K, V, A>(operator: string, definition: KeyValueStoreDefinition<K, A>, step: Step<K, V, A>): AttachOne =>
  ({ input }, task) => {
    const store = task.store(definition);
    const out = changesOf(store);
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
