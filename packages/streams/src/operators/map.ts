import { erased, type Serde } from "../serde.ts";
import type { KStream } from "../stages.ts";
import type { Named } from "./named.ts";
import type { OfRecord } from "./of-record.ts";
import { stateless } from "./stateless.ts";

/** Serdes of what an operator makes, where a later repartition needs them. */
export interface NewSerdes<K, V> extends Named {
  readonly key?: Serde<K>;
  readonly value?: Serde<V>;
}

/**
 * A new key and value for each record, as [key, value] (`KStream.map`). The mapper takes (value, key, record). Grouping afterwards
 * goes through a repartition topic.
 */
export const map =
  <K, V, K2, V2>(
    mapper: OfRecord<K, V, readonly [key: K2, value: V2]>,
    serdes: NewSerdes<K2, V2> = {},
  ): ((stage: KStream<K, V>) => KStream<K2, V2>) =>
  ({ node }) =>
    stateless<K, V, K2, V2>(
      node,
      {
        operator: "map",
        name: serdes.name,
        key: erased(serdes.key),
        value: erased(serdes.value),
        rekeyed: true,
      },
      (record, forward) => {
        const [key, value] = mapper(record.value, record.key, record);
        forward({ key, value, timestamp: record.timestamp, headers: record.headers });
      },
    );
