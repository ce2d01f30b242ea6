import type { KStream, Sink } from "../stages.ts";
import type { Named } from "./named.ts";
import type { OfRecord } from "./of-record.ts";
import { operatorStage } from "./operator-stage.ts";
import { perRecord } from "./per-record.ts";
import { checkSynchronous, type Synchronous } from "../synchronous.ts";

/**
 * Ends the pipe with a synchronous action, which takes (value, key, record) (`KStream.foreach`). May see a record again after a
 * crash.
 */
export const foreach =
  <K, V>(action: OfRecord<K, V, Synchronous>, { name }: Named = {}): ((stage: KStream<K, V>) => Sink) =>
  ({ node }) =>
    operatorStage(
      "Sink",
      { input: node },
      {
        operator: "foreach",
        name,
        attach: ({ input }, task) =>
          perRecord<K, V, never, never>(input, task, "foreach", (record) =>
            checkSynchronous(action(record.value, record.key, record)),
          ),
      },
    );
