import { erased, type Serde } from "../serde.ts";
import type { KStream } from "../stages.ts";
import type { Named } from "./named.ts";
import type { OfRecord } from "./of-record.ts";
import { stateless } from "./stateless.ts";

/**
 * A new key for each record (`KStream.selectKey`; other stream processors call it keyBy). The selector takes (value,
 * key, record). Grouping afterwards goes through a repartition topic.
 */
export const selectKey =
  <K, V, K2>(
    selector: OfRecord<K, V, K2>,
    options: Named & { readonly key?: Serde<K2> } = {},
  ): ((stage: KStream<K, V>) => KStream<K2, V>) =>
  ({ node }) =>
    stateless<K, V, K2, V>(
      node,
      { operator: "selectKey", name: options.name, key: erased(options.key), rekeyed: true },
      (record, forward) => {
        const { value, timestamp, headers } = record;
        forward({ key: selector(value, record.key, record), value, timestamp, headers });
      },
    );
