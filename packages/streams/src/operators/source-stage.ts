import type { ErasedSerde } from "../serde.ts";
import { RecordFlow } from "../runtime/task/record-flow.ts";
import type { KStream } from "../stages.ts";
import type { TopicPattern } from "../topic-pattern.ts";
import type { Topic } from "../topic.ts";
import { operatorStage } from "./operator-stage.ts";

/** A stage whose node reads topics; its records come from the task. */
export const sourceStage = <K, V>({
  topics,
  pattern,
  nulls,
  ...node
}: {
  readonly operator: string;
  readonly name: string | undefined;
  readonly topics: readonly Topic<unknown, unknown>[];
  readonly pattern?: TopicPattern;
  /** Serdes of what flows out; undefined where several topics have several. */
  readonly key: ErasedSerde | undefined;
  readonly value: ErasedSerde | undefined;
  readonly nulls: boolean;
}): KStream<K, V> =>
  operatorStage<"KStream", K, V, never>(
    "KStream",
    {},
    {
      ...node,
      role: { type: "source", topics, pattern, nulls },
      rekeyed: false,
      attach: () => new RecordFlow(),
    },
  );
