import { isDeepStrictEqual } from "node:util";
import type { Change } from "../change.ts";
import { TopologyError } from "../errors.ts";
import { erased, type Serde } from "../serde.ts";
import type { KGroupedTable, KTable } from "../stages.ts";
import { knowsOldValues } from "./knows-old-values.ts";
import { operatorStage } from "./operator-stage.ts";
import { perRecord } from "./per-record.ts";

/** `groupBy` of a table: what happens to a row is sent to its groups, old and new. */
export const groupRows = <K, V, K2, V2>(
  { node }: KTable<K, V>,
  selector: (value: NonNullable<V>, key: K) => readonly [key: K2 | null, value: V2],
  options: { readonly name?: string; readonly key: Serde<K2>; readonly value: Serde<V2> },
): KGroupedTable<K2, V2> => {
  if (!knowsOldValues(node))
    throw new TopologyError(
      "groupBy() has to take a row out of its old group, but the table has no store that would know it: give table(), " +
        "toTable() or the join by a foreign key one as { store: ... }",
    );
  return operatorStage<"KGroupedTable", K2, V2>(
    "KGroupedTable",
    { input: node },
    {
      operator: "groupBy",
      name: options.name,
      role: { type: "grouping", repartition: options.name, windowing: undefined },
      key: erased(options.key),
      value: erased(options.value),
      rekeyed: true,
      attach: ({ input }, task) =>
        perRecord<K, Change<NonNullable<V>>, K2, Change<V2>>(input, task, "groupBy", (record, forward) => {
          const { key, timestamp, headers } = record;
          const { newValue, oldValue, isLatest } = record.value;
          // History of a versioned table: the row is what it was.
          if (!isLatest) return;
          const [newKey, added] = newValue === null ? [null, null] : selector(newValue, key);
          const [oldKey, taken] = oldValue === null ? [null, null] : selector(oldValue, key);
          const send = (group: K2, newPart: V2 | null, oldPart: V2 | null): void =>
            forward({
              key: group,
              value: { newValue: newPart, oldValue: oldPart, isLatest },
              timestamp,
              headers,
            });
          if (newKey !== null && oldKey !== null && isDeepStrictEqual(newKey, oldKey))
            send(newKey, added, taken);
          else {
            if (oldKey !== null) send(oldKey, null, taken);
            if (newKey !== null) send(newKey, added, null);
          }
        }),
    },
  );
};
