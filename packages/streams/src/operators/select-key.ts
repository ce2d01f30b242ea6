import { erased, type Serde } from "../serde.ts";
import type { KStream } from "../stages.ts";
import { stateless } from "./stateless.ts";

/** A new key for each record (`KStream.selectKey`). Grouping afterwards goes through a repartition topic. */
export const selectKey =
  <K, V, K2>(
    selector: (value: V, key: K) => K2,
    options: { readonly key?: Serde<K2> } = {},
  ): ((stage: KStream<K, V>) => KStream<K2, V>) =>
  ({ node }) =>
    stateless<K, V, K2, V>(
      node,
      "selectKey",
      { key: erased(options.key), rekeyed: true },
      (record, forward) =>
        forward({
          key: selector(record.value, record.key),
          value: record.value,
          timestamp: record.timestamp,
          headers: record.headers,
        }),
    );
