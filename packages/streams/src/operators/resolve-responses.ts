import { RecordFlow } from "../runtime/task/record-flow.ts";
import type { Change } from "../change.ts";
import type { ErasedSerde } from "../serde.ts";
import type { ViewTable } from "../table-view.ts";
import { forEachRecord } from "./for-each-record.ts";
import type { ErasedJoiner } from "./joined.ts";
import { murmur3 } from "./murmur3.ts";
import type { AttachOne } from "./operator-stage.ts";
import type { TableStoreDefinition } from "./store-choice.ts";
import type { SubscriptionResponse } from "./subscription-response.ts";
import { tablePut } from "./table-put.ts";

interface Resolving {
  readonly operator: string;
  readonly isLeft: boolean;
  readonly joiner: ErasedJoiner;
  readonly leftView: ViewTable<unknown, unknown>;
  readonly leftValue: ErasedSerde;
  /** The store of the results, where they are kept. */
  readonly kept: TableStoreDefinition | undefined;
}

/**
 * Joins what the right side answered with the left row that asked (`ResponseJoinProcessor`). A row that has become another
 * one since has asked again: what comes for its former value is left out, for it may come after the answer to the new one.
 */
export const attachResolve =
  ({ operator, isLeft, joiner, leftView, leftValue, kept }: Resolving): AttachOne =>
  ({ input }, task) => {
    // As the subscriptions were told of them: a change that still waits for its flush asks anew.
    const rows = leftView(task, "told");
    const made = new RecordFlow();
    const put = kept === undefined ? undefined : tablePut(task, kept);
    forEachRecord(input, task, operator, (record) => {
      const { key } = record;
      const { hash, value } = record.value as SubscriptionResponse<unknown>;
      const row = rows.row(key);
      if (!isOf(hash, row === undefined ? null : leftValue.serialize(row.value))) return;
      const result = row === undefined || (value === null && !isLeft) ? null : joiner(row.value, value, key);
      if (put !== undefined) put.put(record, result);
      else {
        const change: Change<unknown> = { newValue: result, oldValue: null, isLatest: true };
        made.next({ ...record, value: change });
      }
    });
    return put?.changes ?? made;
  };

/** Whether that is the hash of these bytes; that of none is null. */
const isOf = (hash: Buffer | null, bytes: Uint8Array | null): boolean =>
  hash === null || bytes === null ? hash === bytes : hash.equals(murmur3(bytes));
