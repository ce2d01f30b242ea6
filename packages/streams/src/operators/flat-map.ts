import { erased } from "../serde.ts";
import type { KStream } from "../stages.ts";
import type { NewSerdes } from "./map.ts";
import type { OfRecord } from "./of-record.ts";
import { stateless } from "./stateless.ts";

/**
 * Any number of records for each, as [key, value] (`KStream.flatMap`). The mapper takes (value, key, record). Grouping afterwards
 * goes through a repartition topic.
 */
export const flatMap =
  <K, V, K2, V2>(
    mapper: OfRecord<K, V, Iterable<readonly [key: K2, value: V2]>>,
    serdes: NewSerdes<K2, V2> = {},
  ): ((stage: KStream<K, V>) => KStream<K2, V2>) =>
  ({ node }) =>
    stateless<K, V, K2, V2>(
      node,
      {
        operator: "flatMap",
        name: serdes.name,
        key: erased(serdes.key),
        value: erased(serdes.value),
        rekeyed: true,
      },
      (record, forward) => {
        for (const [key, value] of mapper(record.value, record.key, record))
          forward({ key, value, timestamp: record.timestamp, headers: record.headers });
      },
    );
