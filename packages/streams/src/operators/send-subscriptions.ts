import type { Change } from "../change.ts";
import type { ErasedSerde } from "../serde.ts";
import { keyIdentity } from "../state/key-identity.ts";
import type { ErasedForeignKey } from "./joined.ts";
import { murmur3 } from "./murmur3.ts";
import type { AttachOne } from "./operator-stage.ts";
import { perRecord } from "./per-record.ts";
import { Instruction, type Subscription } from "./subscription.ts";

interface Subscribing {
  readonly operator: string;
  readonly isLeft: boolean;
  /** The foreign key of a row, null where it has none. */
  readonly foreignKey: ErasedForeignKey;
  readonly leftValue: ErasedSerde;
  readonly rightKey: ErasedSerde;
}

/** Where a changed row of the left table takes its subscription from, and where to (`SubscriptionSendProcessor`). */
export const attachSubscribe =
  ({ operator, isLeft, foreignKey, leftValue, rightKey }: Subscribing): AttachOne =>
  ({ input }, task) => {
    const identity = keyIdentity(rightKey);
    return perRecord<unknown, Change<unknown>, unknown, Subscription<unknown>>(
      input,
      task,
      operator,
      (record, forward) => {
        const { key: primaryKey, value: change } = record;
        if (!change.isLatest) {
          task.drop("late");
          return;
        }
        const { newValue, oldValue } = change;
        if (newValue === null && oldValue === null && isLeft) return;
        const oldKey = oldValue === null ? null : (foreignKey(oldValue, primaryKey) ?? null);
        const newKey = newValue === null ? null : (foreignKey(newValue, primaryKey) ?? null);
        const hash = newValue === null ? null : hashOf(leftValue, newValue);
        const send = (to: unknown, instruction: Instruction): void =>
          forward({
            ...record,
            key: to,
            value: { hash, instruction, primaryKey, partition: task.partition },
          });
        const moved = oldKey !== null && (newKey === null || identity(oldKey) !== identity(newKey));

        if (isLeft) {
          if (moved) send(oldKey, Instruction.deleteKeyNoPropagate);
          // Also without a foreign key, for there is a result to be made, or one to go.
          send(newKey, Instruction.propagateNullIfNoForeignValue);
          return;
        }
        if (newKey === null) {
          if (newValue !== null) task.drop("nullKey");
          if (oldKey !== null) send(oldKey, Instruction.deleteKeyAndPropagate);
          return;
        }
        if (moved) send(oldKey, Instruction.deleteKeyNoPropagate);
        send(
          newKey,
          moved ? Instruction.propagateNullIfNoForeignValue : Instruction.propagateOnlyIfForeignValue,
        );
      },
    );
  };

const hashOf = (serde: ErasedSerde, value: unknown): Buffer | null => {
  const bytes = serde.serialize(value);
  return bytes === null ? null : murmur3(bytes);
};
