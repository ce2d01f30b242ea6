import { erased, type Serde } from "../serde.ts";
import type { KStream } from "../stages.ts";
import { stateless } from "./stateless.ts";

/** Any number of values for each, the key as it was (`KStream.flatMapValues`). */
export const flatMapValues =
  <K, V, V2>(
    mapper: (value: V, key: K) => Iterable<V2>,
    options: { readonly value?: Serde<V2> } = {},
  ): ((stage: KStream<K, V>) => KStream<K, V2>) =>
  ({ node }) =>
    stateless<K, V, K, V2>(node, "flatMapValues", { value: erased(options.value) }, (record, forward) => {
      for (const value of mapper(record.value, record.key))
        forward({ key: record.key, value, timestamp: record.timestamp, headers: record.headers });
    });
