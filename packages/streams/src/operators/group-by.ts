import type { Serde } from "../serde.ts";
import type { KGroupedStream, KStream } from "../stages.ts";
import { groupByKey, type GroupOptions } from "./group-by-key.ts";
import { selectKey } from "./select-key.ts";

/** Groups by a new key, always through a repartition topic (`KStream.groupBy`). A null key leaves the record out. */
export const groupBy =
  <K, V, K2>(
    selector: (value: V, key: K) => K2 | null,
    options: { readonly key: Serde<K2>; readonly value?: Serde<NoInfer<V>> },
  ): ((stage: KStream<K, V>) => KGroupedStream<K2, V>) =>
  (stage) =>
    stage.pipe(
      selectKey<K, V, K2 | null>(selector),
      groupByKey<K2 | null, V>(options as GroupOptions<NonNullable<K2>, V>),
    ) as KGroupedStream<K2, V>;
