import { erased } from "../serde.ts";
import type { KStream } from "../stages.ts";
import type { Topic } from "../topic.ts";
import type { Named } from "./named.ts";
import { sourceStage } from "./source-stage.ts";

/** Starts a pipe with the records of a topic (`StreamsBuilder.stream`). */
export const stream = <K, V>(source: Topic<K, V>, { name }: Named = {}): KStream<K, V> =>
  sourceStage(source as Topic<unknown, unknown>, {
    operator: "stream",
    name,
    key: erased(source.key),
    value: erased(source.value),
    nulls: false,
  });
