import { isDeepStrictEqual } from "node:util";
import type { Change } from "../change.ts";
import { erased, type Serde } from "../serde.ts";
import type { KGroupedTable, KTable } from "../stages.ts";
import { operatorStage } from "./operator-stage.ts";
import { perRecord } from "./per-record.ts";

/**
 * Groups the rows of a table by what the selector makes of each (`KTable.groupBy`), always through a repartition topic
 * named after the store of the aggregation that follows. A row that changes within its group goes there as one change,
 * one that changes its group is first taken from the old one. A null key leaves the row out.
 */
export const groupTableBy =
  <K, V, K2, V2>(
    selector: (value: NonNullable<V>, key: K) => readonly [key: NoInfer<K2> | null, value: NoInfer<V2>],
    options: { readonly key: Serde<K2>; readonly value: Serde<V2> },
  ): ((stage: KTable<K, V>) => KGroupedTable<K2, V2>) =>
  ({ node }) =>
    operatorStage<"KGroupedTable", K2, V2>("KGroupedTable", [node], {
      operator: "groupTableBy",
      key: erased(options.key),
      value: erased(options.value),
      rekeyed: true,
      attach: ([input], task) => {
        if (input === undefined) throw new Error("groupTableBy has no input");
        return input.pipe(
          perRecord<K, Change<NonNullable<V>>, K2, Change<V2>>(task, "groupTableBy", (record, forward) => {
            const { key, timestamp, headers } = record;
            const { newValue, oldValue } = record.value;
            const [newKey, added] = newValue === null ? [null, null] : selector(newValue, key);
            const [oldKey, taken] = oldValue === null ? [null, null] : selector(oldValue, key);
            const send = (group: K2, value: Change<V2>): void =>
              forward({ key: group, value, timestamp, headers });
            if (newKey !== null && oldKey !== null && isDeepStrictEqual(newKey, oldKey))
              send(newKey, { newValue: added, oldValue: taken });
            else {
              if (oldKey !== null) send(oldKey, { newValue: null, oldValue: taken });
              if (newKey !== null) send(newKey, { newValue: added, oldValue: null });
            }
          }),
        );
      },
    });
