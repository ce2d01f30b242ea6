import type { KStream, Sink } from "../stages.ts";
import type { Named } from "./named.ts";
import { operatorStage } from "./operator-stage.ts";
import { perRecord } from "./per-record.ts";

/**
 * Ends the pipe with a synchronous action, which takes (value, key) (`KStream.foreach`). May see a record again after a
 * crash.
 */
export const foreach =
  <K, V>(action: (value: V, key: K) => void, { name }: Named = {}): ((stage: KStream<K, V>) => Sink) =>
  ({ node }) =>
    operatorStage(
      "Sink",
      { input: node },
      {
        operator: "foreach",
        name,
        attach: ({ input }, task) =>
          input.pipe(perRecord<K, V, never, never>(task, "foreach", ({ value, key }) => action(value, key))),
      },
    );
