import type { Serde } from "../serde.ts";
import type { KGroupedStream, KGroupedTable, KStream, KTable, Stage } from "../stages.ts";
import { groupByKey } from "./group-by-key.ts";
import { groupRows } from "./group-rows.ts";
import type { OfRecord, OwnRecord } from "./of-record.ts";
import type { Row } from "./row.ts";
import { selectKey } from "./select-key.ts";

/** What the selector answers: the new key, and of a table's row the value that is aggregated, too. */
type Selected<Kind, K2, V2> = Kind extends "KTable" ? readonly [key: K2 | null, value: V2] : K2 | null;

/** What is grouped. */
type Grouped<Kind, K2, V, V2> = Kind extends "KTable" ? KGroupedTable<K2, V2> : KGroupedStream<K2, V>;

interface GroupByOptions<K2> {
  /**
   * Names the repartition topic, `<application id>-<name>-repartition` (`Grouped.as`). By default it has the name of
   * the store that follows.
   */
  readonly name?: string;
  /** Of the new key. */
  readonly key: Serde<K2>;
}

/** A table's rows are regrouped with new values; a stream's records keep theirs. */
type ValueSerde<Kind, V, V2> = Kind extends "KTable"
  ? { readonly value: Serde<V2> }
  : { readonly value?: Serde<NoInfer<V>> };

/**
 * Groups by a new key, always through a repartition topic. The selector takes (value, key), and of a stream the
 * record, too; it answers the new key of a record (`KStream.groupBy`), or [key, value] for a row of a table (`KTable.groupBy`). A null key leaves it out. A row
 * that changes within its group goes there as one change, one that changes its group is first taken from the old
 * one.
 */
export const groupBy =
  // `const S`, so that [key, value] is read as a pair.
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  <Kind extends "KStream" | "KTable", K, V, K2, V2, const S extends Selected<Kind, K2, V2>>(
    selector: (value: NoInfer<Row<Kind, V>>, key: K, record: OwnRecord<Kind, K, NoInfer<V>>) => S,
    options: GroupByOptions<K2> & ValueSerde<Kind, V, V2>,
  ): ((stage: Stage<Kind, K, V>) => Grouped<Kind, K2, V, V2>) =>
    (stage) =>
      (stage.node.kind === "KTable"
        ? groupRows(
            stage as KTable<K, V>,
            (value, key) =>
              selector(value as Row<Kind, V>, key, undefined as never) as Selected<"KTable", K2, V2>,
            options as Parameters<typeof groupRows<K, V, K2, V2>>[2],
          )
        : groupRecords(
            stage as KStream<K, V>,
            (value, key, record) =>
              selector(value as Row<Kind, V>, key, record as never) as Selected<"KStream", K2, V2>,
            options as GroupByOptions<K2> & ValueSerde<"KStream", V, V2>,
          )) as Grouped<Kind, K2, V, V2>;

const groupRecords = <K, V, K2>(
  stage: KStream<K, V>,
  selector: OfRecord<K, V, K2 | null>,
  options: GroupByOptions<K2> & { readonly value?: Serde<V> },
): KGroupedStream<K2, V> =>
  stage.pipe(
    selectKey<K, V, K2 | null>(selector, options.name === undefined ? {} : { name: options.name }),
    groupByKey<K2 | null, V>(options as Parameters<typeof groupByKey<K2 | null, V>>[0]),
  ) as KGroupedStream<K2, V>;
