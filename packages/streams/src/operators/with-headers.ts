import type { Headers } from "../record.ts";
import type { KStream } from "../stages.ts";
import type { Named } from "./named.ts";
import type { OfRecord } from "./of-record.ts";
import { stateless } from "./stateless.ts";

/**
 * Other headers for each record: those that the function, of (value, key, record), answers, instead of `record.headers`.
 * Key, value and time stay as they were. Kafka Streams needs a processor for it (`Record.withHeaders`).
 */
export const withHeaders =
  <K, V>(
    headersOf: OfRecord<K, V, Headers>,
    { name }: Named = {},
  ): ((stage: KStream<K, V>) => KStream<K, V>) =>
  ({ node }) =>
    stateless<K, V, K, V>(node, { operator: "withHeaders", name }, (record, forward) => {
      const { key, value, timestamp } = record;
      forward({ key, value, timestamp, headers: headersOf(value, key, record) });
    });
