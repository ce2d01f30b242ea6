import { erased, type Serde } from "../serde.ts";
import type { KGroupedStream, KStream } from "../stages.ts";
import { operatorStage, passThrough } from "./operator-stage.ts";

export interface GroupOptions<K, V> {
  /**
   * Names the repartition topic, `<application id>-<name>-repartition`, where there is one (`Grouped.as`). By default
   * it has the name of the store that follows.
   */
  readonly name?: string;
  /** Serdes for the repartition topic and the stores, where they are not known from the source topic. */
  readonly key?: Serde<K>;
  readonly value?: Serde<V>;
}

/**
 * Groups by the key as it is (`KStream.groupByKey`). If an earlier operator may have changed the key, the records go
 * through a repartition topic first. Records with a null key are left out.
 */
export const groupByKey =
  <K, V>(
    options: GroupOptions<NoInfer<NonNullable<K>>, NoInfer<V>> = {},
  ): ((stage: KStream<K, V>) => KGroupedStream<NonNullable<K>, V>) =>
  ({ node }) =>
    operatorStage(
      "KGroupedStream",
      { input: node },
      {
        operator: "groupByKey",
        role: { type: "grouping", repartition: options.name, windowing: undefined },
        key: erased(options.key) ?? node.key,
        value: erased(options.value) ?? node.value,
        attach: passThrough,
      },
    );
