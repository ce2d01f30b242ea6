import type { Change } from "../change.ts";
import { erased, type Serde } from "../serde.ts";
import type { KStream, KTable } from "../stages.ts";
import { stateless } from "./stateless.ts";

/** The changes of a table as records: the new value of each key, null where the row is gone (`KTable.toStream`). */
export const toStream =
  <K, V>(): ((stage: KTable<K, V>) => KStream<K, V>) =>
  ({ node }) =>
    stateless<K, Change<V>, K, V>(node, "toStream", {}, (record, forward) =>
      forward({
        key: record.key,
        value: record.value.newValue as V,
        timestamp: record.timestamp,
        headers: record.headers,
      }),
    );

/** `toStream` with a new key for each record (`KTable.toStream(KeyValueMapper)`). */
export const toStreamBy =
  <K, V, K2>(
    selector: (value: V, key: K) => K2,
    options: { readonly key?: Serde<K2> } = {},
  ): ((stage: KTable<K, V>) => KStream<K2, V>) =>
  ({ node }) =>
    stateless<K, Change<V>, K2, V>(
      node,
      "toStream",
      { key: erased(options.key), rekeyed: true },
      (record, forward) => {
        const value = record.value.newValue as V;
        forward({
          key: selector(value, record.key),
          value,
          timestamp: record.timestamp,
          headers: record.headers,
        });
      },
    );
