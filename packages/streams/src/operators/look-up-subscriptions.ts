import { RecordFlow } from "../runtime/task/record-flow.ts";
import type { Change } from "../change.ts";
import type { TaskContext } from "../runtime/task/task-context.ts";
import type { ErasedSerde } from "../serde.ts";
import type { AnyRecord } from "../stages.ts";
import type { KeyValueStoreDefinition } from "../state/store-definition.ts";
import type { ViewTable } from "../table-view.ts";
import { type CombinedKey, foreignKeyPrefix } from "./combined-key.ts";
import { forEachRecord } from "./for-each-record.ts";
import { Instruction, type Subscription } from "./subscription.ts";
import type { SubscriptionResponse } from "./subscription-response.ts";

interface LookingUp {
  readonly operator: string;
  readonly subscriptionStore: KeyValueStoreDefinition<CombinedKey<unknown, unknown>, Subscription<unknown>>;
  readonly rightKey: ErasedSerde;
  readonly rightView: ViewTable<unknown, unknown>;
}

/**
 * The right side of a foreign-key join: keeps subscriptions and answers each when it comes (`SubscriptionReceiveProcessor`,
 * `SubscriptionJoinProcessor`), and all those of a key when its row changes (`ForeignTableJoinProcessor`).
 */
export const attachLookUp =
  ({ operator, subscriptionStore, rightKey, rightView }: LookingUp) =>
  (
    inputs: { readonly subscriptions: RecordFlow; readonly right: RecordFlow },
    task: TaskContext,
  ): RecordFlow => {
    const out = new RecordFlow();
    const store = task.store(subscriptionStore);
    const rows = rightView(task, "told");
    const answer = (
      cause: AnyRecord,
      asked: Subscription<unknown>,
      value: unknown,
      timestamp: number,
    ): void => {
      const { hash, partition, primaryKey: key } = asked;
      const response: SubscriptionResponse<unknown> = { hash, value, partition };
      out.next({ ...cause, key, value: response, timestamp });
    };

    forEachRecord(inputs.subscriptions, task, operator, (record) => {
      const { key: foreignKey, timestamp } = record;
      const subscription = record.value as Subscription<unknown>;
      const { instruction, primaryKey } = subscription;
      const keeps =
        instruction === Instruction.propagateNullIfNoForeignValue ||
        instruction === Instruction.propagateOnlyIfForeignValue;
      if (foreignKey === null) {
        // A left join's row without a foreign key: there is nothing to wait for.
        if (instruction === Instruction.propagateNullIfNoForeignValue)
          answer(record, subscription, null, timestamp);
        else task.drop("nullKey");
        return;
      }
      const key = { foreignKey, primaryKey };
      if (keeps) store.put(key, subscription, timestamp);
      else store.delete(key, timestamp);
      if (instruction === Instruction.deleteKeyNoPropagate) return;
      const row = rows.row(foreignKey);
      if (row === undefined && instruction === Instruction.propagateOnlyIfForeignValue) return;
      answer(
        record,
        subscription,
        keeps ? (row?.value ?? null) : null,
        Math.max(timestamp, row?.timestamp ?? -1),
      );
    });

    forEachRecord(inputs.right, task, operator, (record) => {
      const { newValue, isLatest } = record.value as Change<unknown>;
      if (!isLatest) {
        task.drop("late");
        return;
      }
      for (const [, subscription] of store.prefixScan(foreignKeyPrefix(rightKey, record.key)))
        answer(record, subscription, newValue, record.timestamp);
    });
    return out;
  };
