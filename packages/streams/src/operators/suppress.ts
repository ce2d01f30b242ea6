import { ownHeaders } from "../own-headers.ts";
import { RecordFlow } from "../runtime/task/record-flow.ts";
import type { Change } from "../change.ts";
import { MillraceError, TopologyError } from "../errors.ts";
import type { KTable, StageNode } from "../stages.ts";
import type { TableView } from "../table-view.ts";
import { erasedStore } from "../state/store-definition.ts";
import { suppressStore } from "../state/suppress-store.ts";
import { forEachRecord } from "./for-each-record.ts";
import { missingSerde } from "./missing-serde.ts";
import type { Named } from "./named.ts";
import { type AttachOne, operatorStage } from "./operator-stage.ts";
import { SuppressBuffer } from "./suppress-buffer.ts";
import type { Suppressed } from "./suppressed.ts";

/**
 * Holds the changes of a table back, so that of several of one key only the last is told (`KTable.suppress`): until its
 * window closes (`untilWindowCloses`) or for some time (`untilTimeLimit`). Stream time is that of the changes that reach
 * it. What waits is kept in a store with a changelog; a join that reads this table sees what was told.
 */
export const suppress =
  <K, V, Drops extends boolean>(
    suppressed: Suppressed<NoInfer<K>, Drops>,
    options: Named & {
      /** Names the store of what waits, and its changelog. Renaming loses it. */
      readonly store: string;
    },
  ): ((stage: KTable<K, V>) => KTable<K, Told<V, Drops>>) =>
  ({ node }) => {
    const { timeOf, bounds, dropsDeletions } = suppressed;
    const { maxRecords = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY, whenFull } = bounds;
    const waits = suppressed.waits ?? graceAbove(node);
    if (suppressed.waits === undefined && waits === Number.POSITIVE_INFINITY)
      throw new TopologyError(
        "suppress(untilWindowCloses()) waits for ever, for the windows above it never close: use untilTimeLimit()",
      );
    const { key: keySerde, value: valueSerde, view, initial } = node;
    if (keySerde === undefined) throw missingSerde(`the store "${options.store}"`, "key", "suppress()", node);
    if (valueSerde === undefined)
      throw missingSerde(`the store "${options.store}"`, "value", "suppress()", node);
    if (view === undefined) throw new TopologyError("suppress() is given a table that can't be read");
    const definition = suppressStore(options.store, keySerde, valueSerde, initial);

    const attach: AttachOne = ({ input }, task) => {
      const out = new RecordFlow();
      const buffer = new SuppressBuffer(task.store(definition), keySerde, valueSerde, maxBytes < Infinity);
      const observed = task.committedTime(`${options.store}-stream-time`, buffer.newestTime);
      const isFull = (): boolean => buffer.records > maxRecords || buffer.bytes > maxBytes;

      const emitFirst = (): void => {
        const { first } = buffer;
        if (first === undefined) return;
        const { key, change } = first;
        buffer.shift();
        if (change.value === null && dropsDeletions) return;
        // As on the JVM: not what was told last, but what the table held before its latest change.
        const value: Change<unknown> = { newValue: change.value, oldValue: change.old, isLatest: true };
        out.next({ key, value, timestamp: change.context.timestamp, headers: change.context.headers });
      };

      forEachRecord(input, task, "suppress", ({ key, value, timestamp, headers }) => {
        const { newValue, oldValue } = value as Change<unknown>;
        const { topic, partition, offset } = task.position ?? { topic: "", partition: -1, offset: -1 };
        if (timestamp > observed.value) observed.value = timestamp;
        buffer.put(key, {
          time: timeOf(key as K, timestamp),
          prior: oldValue,
          old: oldValue,
          value: newValue,
          context: { timestamp, topic, partition, offset, headers: ownHeaders(headers) },
        });
        const due = observed.value - waits;
        while (buffer.first !== undefined && buffer.first.change.time <= due) emitFirst();
        if (!isFull()) return;
        if (whenFull === "emitEarly") while (isFull()) emitFirst();
        else
          task.stop(
            new MillraceError(
              `the buffer "${options.store}" of a suppress holds ${buffer.records} records (bound: ${maxRecords}) and ` +
                `${buffer.bytes} bytes (bound: ${maxBytes}): raise its bounds, or let it emit early`,
              { code: "SUPPRESS_BUFFER_FULL", position: task.position },
            ),
            "suppress",
          );
      });
      return out;
    };

    return operatorStage<"KTable", K, Told<V, Drops>>(
      "KTable",
      { input: node },
      {
        operator: "suppress",
        name: options.name,
        stores: [erasedStore(definition)],
        view: (task, as): TableView<never, unknown> => {
          const above = view(task, as) as TableView<K, unknown>;
          const store = task.store(definition);
          return {
            row: (key) => {
              const waiting = store.get(key);
              if (waiting === undefined) return above.row(key);
              // When it was told is not kept, here as on the JVM.
              return waiting.prior === null ? undefined : { value: waiting.prior, timestamp: -1 };
            },
          };
        },
        attach,
      },
    );
  };

/** What is told: no deletions where they are dropped. */
type Told<V, Drops extends boolean> = Drops extends true ? Exclude<V, null> : V;

/**
 * How long after its end the windows of a table take records, ms: of the aggregation above it, and of several, as where two
 * windowed tables are joined, of the one that takes them longest.
 */
const graceAbove = ({ closesAfter, parents }: StageNode): number => {
  if (closesAfter !== undefined) return closesAfter;
  if (parents.length === 0)
    throw new TopologyError(
      "suppress(untilWindowCloses()) finds no windowed aggregation above it: use untilTimeLimit()",
    );
  return Math.max(...parents.map(graceAbove));
};
