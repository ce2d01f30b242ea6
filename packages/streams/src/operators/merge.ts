import type { ErasedSerde } from "../serde.ts";
import { RecordFlow } from "../runtime/task/record-flow.ts";
import type { KStream } from "../stages.ts";
import type { Named } from "./named.ts";
import { operatorStage } from "./operator-stage.ts";

/**
 * The records of both streams, in the order they come (`KStream.merge`). Where their types differ, it is a stream of
 * either. Serdes are known afterwards where both streams have the same.
 */
export const merge =
  <K, V, K2, V2>(
    other: KStream<K2, V2>,
    { name }: Named = {},
  ): ((stage: KStream<K, V>) => KStream<K | K2, V | V2>) =>
  ({ node }) =>
    operatorStage<"KStream", K | K2, V | V2, "left" | "right">(
      "KStream",
      { left: node, right: other.node },
      {
        operator: "merge",
        name,
        key: common(node.key, other.node.key),
        value: common(node.value, other.node.value),
        attach: ({ left, right }) => {
          const out = new RecordFlow();
          for (const input of [left, right]) input.each((record) => out.next(record));
          return out;
        },
      },
    );

const common = (one: ErasedSerde | undefined, other: ErasedSerde | undefined): ErasedSerde | undefined =>
  one === other ? one : undefined;
