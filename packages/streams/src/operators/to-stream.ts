import type { Change } from "../change.ts";
import { erased, type Serde } from "../serde.ts";
import type { KStream, KTable } from "../stages.ts";
import type { Named } from "./named.ts";
import { stateless } from "./stateless.ts";

/**
 * The changes of a table as records: the new value of each key, null where the row is gone (`KTable.toStream`). With
 * a mapper, which takes (value, key), each has the key that it answers (`KTable.toStream(KeyValueMapper)`).
 */
export const toStream: {
  <K, V, K2>(
    mapper: (value: NoInfer<V>, key: NoInfer<K>) => K2,
    options?: Named & { readonly key?: Serde<K2> },
  ): (stage: KTable<K, V>) => KStream<K2, V>;
  <K, V>(options?: Named): (stage: KTable<K, V>) => KStream<K, V>;
} =
  <K, V>(
    first?: ((value: V, key: K) => unknown) | Named,
    second: Named & { readonly key?: Serde<unknown> } = {},
  ) =>
  ({ node }: KTable<K, V>): KStream<never, V> => {
    const mapper = typeof first === "function" ? first : undefined;
    const { name, key }: typeof second = typeof first === "function" ? second : (first ?? {});
    return stateless<K, Change<V>, never, V>(
      node,
      {
        operator: "toStream",
        name,
        ...(mapper !== undefined && { key: erased(key), rekeyed: true }),
      },
      (record, forward) => {
        const value = record.value.newValue as V;
        forward({
          key: (mapper === undefined ? record.key : mapper(value, record.key)) as never,
          value,
          timestamp: record.timestamp,
          headers: record.headers,
        });
      },
    );
  };
