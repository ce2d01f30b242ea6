import type { Change } from "../change.ts";
import type { KeyValueStoreDefinition } from "../state/store-definition.ts";
import { aggregateOf, type Step, type Subtract } from "./aggregation.ts";
import { changesOf } from "./changes-of.ts";
import { forEachRecord } from "./for-each-record.ts";
import type { AttachOne } from "./operator-stage.ts";

/** An aggregation of a table's rows by group: subtracts what left, adds what came. */
export const attachTableAggregate =
  <K, V, A>(
    operator: string,
    definition: KeyValueStoreDefinition<K, A>,
    add: Step<K, V, A>,
    subtract: Subtract<K, V, A>,
  ): AttachOne =>
  ({ input }, task) => {
    const store = task.store(definition);
    const out = changesOf(store);
    forEachRecord(input, task, operator, (record) => {
      const group = record.key as K;
      const { newValue, oldValue } = record.value as Change<V>;
      const row = store.row(group);
      const before = row?.value;
      // Subtracted first: a change within a group is never counted twice in between.
      const rest =
        oldValue === null || before === undefined ? before : aggregateOf(subtract(before, oldValue, group));
      const next = newValue === null ? rest : aggregateOf(add(rest, newValue, group));
      if (row === undefined) store.insert(group, next, record.timestamp);
      else store.update(row, next, Math.max(row.timestamp, record.timestamp));
    });
    return out;
  };
