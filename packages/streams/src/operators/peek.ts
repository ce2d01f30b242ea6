import type { KStream } from "../stages.ts";
import { stateless } from "./stateless.ts";

/** Looks at each record on its way (`KStream.peek`). May see a record again after a crash. */
export const peek =
  <K, V>(action: (value: V, key: K) => void): ((stage: KStream<K, V>) => KStream<K, V>) =>
  ({ node }) =>
    stateless<K, V, K, V>(node, "peek", {}, (record, forward) => {
      action(record.value, record.key);
      forward(record);
    });
