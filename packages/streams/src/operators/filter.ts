import type { Stage } from "../stages.ts";
import type { Guarded, Unguarded } from "./guarded.ts";
import { isVersioned } from "./is-versioned.ts";
import type { Kept } from "./kept-table.ts";
import { knowsOldValues } from "./knows-old-values.ts";
import type { Named } from "./named.ts";
import type { OwnRecord } from "./of-record.ts";
import type { Emptied, Row } from "./row.ts";
import { stateless } from "./stateless.ts";
import { tableOperator } from "./table-operator.ts";
import { checkSynchronous } from "../synchronous.ts";

type Filterable = "KStream" | "KTable";
type Predicate<Kind, K, V> = (
  value: NoInfer<Row<Kind, V>>,
  key: K,
  record: OwnRecord<Kind, K, NoInfer<V>>,
) => boolean;

/**
 * Keeps what the predicate, of (value, key, record), accepts; a type guard narrows what flows on (`KStream.filter`). Of a table, a row
 * that stops matching is deleted: it flows on as null (`KTable.filter`). So does one that never matched, where the table
 * has no store above it that could tell, or is versioned.
 */
export const filter =
  <Kind extends Filterable, K, V, P extends Predicate<Kind, K, V> = Predicate<Kind, K, V>>(
    predicate: P & Predicate<Kind, K, V>,
    options: Named & Kept<NoInfer<Kind>, NoInfer<K>, NoInfer<V>> = {},
  ): ((stage: Stage<Kind, K, V>) => Stage<Kind, K, Emptied<Kind, Guarded<P, K, Row<Kind, V>>>>) =>
  (stage) =>
    keep<Kind, K, V>(stage, "filter", options, predicate) as Stage<
      Kind,
      K,
      Emptied<Kind, Guarded<P, K, Row<Kind, V>>>
    >;

/**
 * Drops what the predicate, of (value, key, record), accepts; a type guard narrows what flows on (`KStream.filterNot`,
 * `KTable.filterNot`: a row that starts matching is deleted).
 */
export const filterNot =
  <Kind extends Filterable, K, V, P extends Predicate<Kind, K, V> = Predicate<Kind, K, V>>(
    predicate: P & Predicate<Kind, K, V>,
    options: Named & Kept<NoInfer<Kind>, NoInfer<K>, NoInfer<V>> = {},
  ): ((stage: Stage<Kind, K, V>) => Stage<Kind, K, Emptied<Kind, Unguarded<P, K, Row<Kind, V>>>>) =>
  (stage) =>
    keep<Kind, K, V>(stage, "filterNot", options, (value, key, record) => {
      const drops = predicate(value, key, record);
      checkSynchronous(drops);
      return !drops;
    }) as Stage<Kind, K, Emptied<Kind, Unguarded<P, K, Row<Kind, V>>>>;

const keep = <Kind extends Filterable, K, V>(
  { node }: Stage<Kind, K, V>,
  operator: string,
  { name, store }: Named & { readonly store?: unknown },
  predicate: Predicate<Kind, K, V>,
): Stage<Filterable, K, unknown> =>
  node.kind === "KTable"
    ? tableOperator<K, Row<Kind, V>, Row<Kind, V>>(node, {
        operator,
        ...(name !== undefined && { name }),
        map: () => (value, key) =>
          value !== null && predicate(value, key, undefined as never) ? value : null,
        dropsNothing: knowsOldValues(node) && !isVersioned(node),
        store,
      })
    : stateless<K, V, K, V>(node, { operator, name }, (record, forward) => {
        const keeps = predicate(record.value as Row<Kind, V>, record.key, record as never);
        checkSynchronous(keeps);
        if (keeps) forward(record);
      });
