import { merge as mergeObservables } from "rxjs";
import type { KStream } from "../stages.ts";
import { operatorStage } from "./operator-stage.ts";

/** The records of both streams, in the order they come (`KStream.merge`). */
export const merge =
  <K, V>(other: KStream<NoInfer<K>, NoInfer<V>>): ((stage: KStream<K, V>) => KStream<K, V>) =>
  ({ node }) =>
    operatorStage("KStream", [node, other.node], {
      operator: "merge",
      key: node.key ?? other.node.key,
      value: node.value ?? other.node.value,
      attach: (inputs) => mergeObservables(...inputs),
    });
