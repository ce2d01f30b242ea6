import type { ErasedSerde } from "../serde.ts";
import { RecordFlow } from "../runtime/task/record-flow.ts";
import type { KStream } from "../stages.ts";
import type { Topic } from "../topic.ts";
import { operatorStage } from "./operator-stage.ts";

/** A stage whose node reads a topic; its records come from the task. */
export const sourceStage = <K, V>(
  topic: Topic<unknown, unknown>,
  {
    nulls,
    ...node
  }: {
    readonly operator: string;
    readonly name: string | undefined;
    readonly key: ErasedSerde | undefined;
    readonly value: ErasedSerde | undefined;
    readonly nulls: boolean;
  },
): KStream<K, V> =>
  operatorStage<"KStream", K, V, never>(
    "KStream",
    {},
    { ...node, role: { type: "source", topic, nulls }, rekeyed: false, attach: () => new RecordFlow() },
  );
