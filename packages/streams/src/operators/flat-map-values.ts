import { erased, type Serde } from "../serde.ts";
import type { KStream } from "../stages.ts";
import type { Named } from "./named.ts";
import { stateless } from "./stateless.ts";

/**
 * Any number of values for each, the key as it was (`KStream.flatMapValues`). The mapper takes (value, key). Give the new
 * values' serde where a later repartition or store needs it.
 */
export const flatMapValues =
  <K, V, V2>(
    mapper: (value: V, key: K) => Iterable<V2>,
    { name, value }: Named & { readonly value?: Serde<V2> } = {},
  ): ((stage: KStream<K, V>) => KStream<K, V2>) =>
  ({ node }) =>
    stateless<K, V, K, V2>(
      node,
      { operator: "flatMapValues", name, value: erased(value) },
      ({ key, value: before, timestamp, headers }, forward) => {
        for (const after of mapper(before, key)) forward({ key, value: after, timestamp, headers });
      },
    );
