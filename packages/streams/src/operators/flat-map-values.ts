import { erased, type Serde } from "../serde.ts";
import type { KStream } from "../stages.ts";
import type { Named } from "./named.ts";
import type { OfRecord } from "./of-record.ts";
import { stateless } from "./stateless.ts";

/**
 * Any number of values for each, the key as it was (`KStream.flatMapValues`). The mapper takes (value, key, record). Give the new
 * values' serde where a later repartition or store needs it.
 */
export const flatMapValues =
  <K, V, V2>(
    mapper: OfRecord<K, V, Iterable<V2>>,
    { name, value }: Named & { readonly value?: Serde<V2> } = {},
  ): ((stage: KStream<K, V>) => KStream<K, V2>) =>
  ({ node }) =>
    stateless<K, V, K, V2>(
      node,
      { operator: "flatMapValues", name, value: erased(value) },
      (record, forward) => {
        const { key, timestamp, headers } = record;
        for (const after of mapper(record.value, key, record))
          forward({ key, value: after, timestamp, headers });
      },
    );
