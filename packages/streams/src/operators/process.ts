import { RecordFlow } from "../runtime/task/record-flow.ts";
import type { StreamRecord } from "../record.ts";
import { erased } from "../serde.ts";
import type { AnyRecord, KStream, KTable, Stage, StageNode } from "../stages.ts";
import { erasedStore, type StoreDefinition } from "../state/store-definition.ts";
import { forEachRecord } from "./for-each-record.ts";
import { madeForTask } from "./made-for-task.ts";
import { openStores } from "./open-stores.ts";
import { type AttachOne, operatorStage } from "./operator-stage.ts";
import type {
  NoStores,
  Processor,
  ProcessorContext,
  ProcessorDefinition,
  StoreDefinitions,
  ValueProcessorDefinition,
  ValueRecord,
} from "./processor.ts";
import { toStream } from "./to-stream.ts";
import { checkSynchronous } from "../synchronous.ts";

/**
 * A processor of one's own, with stores and punctuations (`KStream.process`). It may change the key. What it forwards has
 * the types of its serdes, or of the annotation of its context; where it has neither, those of its input. Of a table it
 * processes the changes, as after `toStream()`: null is a row that is gone.
 */
export const process =
  <K, V, K2 = K, V2 = V, S extends StoreDefinitions = NoStores>(
    definition: ProcessorDefinition<K, V, K2, V2, S>,
  ): ((stage: Stage<"KStream" | "KTable", K, V>) => KStream<K2, V2>) =>
  (stage) =>
    operatorStage<"KStream", K2, V2>(
      "KStream",
      { input: recordsOf(stage) },
      {
        operator: "process",
        name: definition.name,
        key: erased(definition.key),
        value: erased(definition.value),
        rekeyed: true,
        stores: storesOf(definition.stores),
        attach: attachProcessor<K, V, S, StreamRecord<K2, V2>>(
          definition.name ?? "process",
          definition.stores,
          (context) => ({
            processor: madeForTask(definition, context),
            forwarded: (out) => out,
          }),
        ),
      },
    );

/**
 * A processor of one's own that keeps the key (`KStream.processValues`): grouping needs no repartition after it. Its values
 * have the type of its serde, or of the annotation of its context; where it has neither, that of its input.
 */
export const processValues =
  <K, V, V2 = V, S extends StoreDefinitions = NoStores>(
    definition: ValueProcessorDefinition<K, V, V2, S>,
  ): ((stage: Stage<"KStream" | "KTable", K, V>) => KStream<K, V2>) =>
  (stage) =>
    operatorStage<"KStream", K, V2>(
      "KStream",
      { input: recordsOf(stage) },
      {
        operator: "processValues",
        name: definition.name,
        value: erased(definition.value),
        stores: storesOf(definition.stores),
        attach: attachProcessor<K, V, S, ValueRecord<V2>>(
          definition.name ?? "processValues",
          definition.stores,
          (context) => ({
            processor: madeForTask(definition, context),
            forwarded: ({ value, timestamp, headers }, current) => {
              if (current === undefined)
                throw new Error(
                  `${definition.name ?? "processValues"} forwards from a punctuation, where there is no key: use process()`,
                );
              return { key: current.key, value, timestamp, headers: headers ?? current.headers };
            },
          }),
        ),
      },
    );

const recordsOf = <K, V>(stage: Stage<"KStream" | "KTable", K, V>): StageNode =>
  stage.node.kind === "KTable" ? toStream<K, V>()(stage as KTable<K, V>).node : stage.node;

interface Bound<K, V, Out> {
  readonly processor: Processor<K, V>;
  readonly forwarded: (out: Out, current: AnyRecord | undefined) => AnyRecord;
}

const storesOf = (stores: StoreDefinitions = {}): readonly StoreDefinition[] =>
  Object.values(stores).map(erasedStore);

const attachProcessor =
  <K, V, S extends StoreDefinitions, Out>(
    operator: string,
    definitions: S | undefined,
    bind: (context: ProcessorContext<Out, S>) => Bound<K, V, Out>,
  ): AttachOne =>
  ({ input }, task) => {
    const out = new RecordFlow();
    let current: AnyRecord | undefined;
    const bound: Bound<K, V, Out> = bind({
      stores: openStores(task, definitions),
      forward: (record) => out.next(bound.forwarded(record, current)),
      schedule: (interval, type, punctuate) => task.schedule(interval, type, punctuate),
      get streamTime() {
        return task.streamTime;
      },
      now: () => task.now(),
      get position() {
        return task.position;
      },
      commit: () => task.requestCommit(),
      deadLetter: (reason) => task.deadLetter(reason),
      dropLate: () => task.drop("late"),
      taskId: task.taskId,
    });
    forEachRecord(input, task, operator, (record) => {
      current = record;
      try {
        checkSynchronous(bound.processor(record as StreamRecord<K, V>));
      } finally {
        current = undefined;
      }
    });
    return out;
  };
