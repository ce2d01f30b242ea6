import { erased } from "../serde.ts";
import { type KStream, Stage } from "../stages.ts";
import type { Topic } from "../topic.ts";
import { passThrough } from "./operator-stage.ts";

/** Starts a pipe with the records of a topic (`StreamsBuilder.stream`). */
export const stream = <K, V>(source: Topic<K, V>): KStream<K, V> =>
  new Stage({
    operator: "stream",
    kind: "KStream",
    role: { type: "source", topic: source as Topic<unknown, unknown> },
    parents: [],
    key: erased(source.key),
    value: erased(source.value),
    rekeyed: false,
    stores: [],
    attach: passThrough,
  });
