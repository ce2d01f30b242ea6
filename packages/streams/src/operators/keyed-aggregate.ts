import type { Attach } from "../stages.ts";
import type { KeyValueStoreDefinition } from "../state/store-definition.ts";
import { aggregateOf, type StepsByInput } from "./aggregation.ts";
import { changesOf } from "./changes-of.ts";
import { forEachRecord } from "./for-each-record.ts";

/** An aggregation without windows. Its results are forwarded when the store flushes. */
export const attachKeyedAggregate =
  <K, A>(operator: string, definition: KeyValueStoreDefinition<K, A>, steps: StepsByInput<K, A>): Attach =>
  (inputs, task) => {
    const store = task.store(definition);
    const out = changesOf(store);
    for (const [label, input] of Object.entries(inputs)) {
      const step = steps[label];
      if (step === undefined) continue;
      forEachRecord(input, task, operator, (record) => {
        if (record.key === null || record.value === null) {
          task.drop("nullKey");
          return;
        }
        const key = record.key as K;
        const row = store.row(key);
        const next = aggregateOf(step(row?.value, record.value, key));
        if (row === undefined) store.insert(key, next, record.timestamp);
        else store.update(row, next, Math.max(row.timestamp, record.timestamp));
      });
    }
    return out;
  };
