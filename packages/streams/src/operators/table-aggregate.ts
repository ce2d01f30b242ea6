import { Subject } from "rxjs";
import type { Change } from "../change.ts";
import { noHeaders } from "../record.ts";
import { erased, type Serde } from "../serde.ts";
import type { AnyRecord, KGroupedTable, KTable } from "../stages.ts";
import { erasedStore, keyValueStore } from "../state/store-definition.ts";
import { changeSerde } from "./change-serde.ts";
import { forEachRecord } from "./for-each-record.ts";
import { operatorStage } from "./operator-stage.ts";
import { repartitionNode } from "./repartition.ts";

/** How an aggregate follows the rows of its group. */
interface Steps<K, V, A> {
  /** `current` is undefined where the group has no aggregate yet. */
  readonly add: (current: A | undefined, value: V, key: K) => A | null;
  readonly subtract: (current: A, value: V, key: K) => A | null;
}

/** What aggregateTable, reduceTable and countTable share: the repartition before, the store, what is done per change. */
export const tableAggregate = <K, V, A>(
  { node }: KGroupedTable<K, V>,
  operator: string,
  name: string,
  valueSerde: Serde<A>,
  { add, subtract }: Steps<K, V, A>,
): KTable<K, A> => {
  const key = node.key as Serde<K>;
  const parent = repartitionNode(
    node,
    name,
    undefined,
    erased(key),
    erased(changeSerde(node.value as Serde<V>)),
  );
  const definition = keyValueStore(name, { key, value: valueSerde });
  return operatorStage("KTable", [parent], {
    operator,
    key: erased(key),
    value: erased(valueSerde),
    rekeyed: false,
    stores: [erasedStore(definition)],
    attach: ([input], task) => {
      const out = new Subject<AnyRecord>();
      const store = task.store(definition);
      store.onFlush(({ key: group, value, timestamp }, old) => {
        const change: Change<A> = { newValue: value ?? null, oldValue: old ?? null };
        out.next({ key: group, value: change, timestamp, headers: noHeaders });
      });
      forEachRecord(input, task, operator, (record) => {
        const group = record.key as K;
        const { newValue, oldValue } = record.value as Change<V>;
        const row = store.row(group);
        const before = row?.value;
        // Subtracted first: a change within a group is never counted twice in between.
        const rest = oldValue === null || before === undefined ? before : subtract(before, oldValue, group);
        const after = newValue === null ? rest : add(rest ?? undefined, newValue, group);
        const next = after ?? undefined;
        if (row === undefined) store.insert(group, next, record.timestamp);
        else store.update(row, next, Math.max(row.timestamp, record.timestamp));
      });
      return out;
    },
  });
};
