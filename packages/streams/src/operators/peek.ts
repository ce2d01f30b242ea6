import type { KStream } from "../stages.ts";
import type { Named } from "./named.ts";
import { stateless } from "./stateless.ts";

/** Looks at each record, as (value, key), on its way (`KStream.peek`). May see a record again after a crash. */
export const peek =
  <K, V>(
    action: (value: V, key: K) => void,
    { name }: Named = {},
  ): ((stage: KStream<K, V>) => KStream<K, V>) =>
  ({ node }) =>
    stateless<K, V, K, V>(node, { operator: "peek", name }, (record, forward) => {
      action(record.value, record.key);
      forward(record);
    });
