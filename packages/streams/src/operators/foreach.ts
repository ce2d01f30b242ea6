import type { KStream, Sink } from "../stages.ts";
import { operatorStage } from "./operator-stage.ts";
import { perRecord } from "./per-record.ts";

/** Ends the pipe with a synchronous action (`KStream.foreach`). May see a record again after a crash. */
export const foreach =
  <K, V>(action: (value: V, key: K) => void): ((stage: KStream<K, V>) => Sink) =>
  ({ node }) =>
    operatorStage("Sink", [node], {
      operator: "foreach",
      attach: ([input], task) => {
        if (input === undefined) throw new Error("foreach has no input");
        return input.pipe(
          perRecord<K, V, never, never>(task, "foreach", ({ value, key }) => action(value, key)),
        );
      },
    });
