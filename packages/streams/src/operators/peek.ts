import type { KStream } from "../stages.ts";
import type { Named } from "./named.ts";
import type { OfRecord } from "./of-record.ts";
import { stateless } from "./stateless.ts";
import { checkSynchronous, type Synchronous } from "../synchronous.ts";

/** Looks at each record, as (value, key, record), on its way (`KStream.peek`). May see a record again after a crash. */
export const peek =
  <K, V>(
    action: OfRecord<K, V, Synchronous>,
    { name }: Named = {},
  ): ((stage: KStream<K, V>) => KStream<K, V>) =>
  ({ node }) =>
    stateless<K, V, K, V>(node, { operator: "peek", name }, (record, forward) => {
      checkSynchronous(action(record.value, record.key, record));
      forward(record);
    });
