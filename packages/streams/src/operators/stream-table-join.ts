import { RecordFlow } from "../runtime/task/record-flow.ts";
import { TopologyError } from "../errors.ts";
import type { AnyRecord, KStream, StageNode } from "../stages.ts";
import { erasedStore } from "../state/store-definition.ts";
import type { TaskContext } from "../runtime/task/task-context.ts";
import { forEachRecord } from "./for-each-record.ts";
import { isVersioned } from "./is-versioned.ts";
import { joinBuffer } from "./join-buffer.ts";
import type { ErasedJoin, ErasedJoiner } from "./joined.ts";
import { operatorStage } from "./operator-stage.ts";
import { readable } from "./readable.ts";
import { repartitionNode } from "./repartition-node.ts";
import { storesRead } from "./stores-read.ts";
import { WaitingRecords } from "./waiting-records.ts";
import { checkGrace } from "../windows.ts";

/** The join of a stream with a table, or a global table, whose rows its records look up (`KStreamKTableJoin`). */
export const streamTableJoin = (
  stream: StageNode,
  table: StageNode,
  operator: string,
  joiner: ErasedJoiner,
  { name, value, on, grace }: ErasedJoin,
): KStream<unknown, unknown> => {
  const view = readable(table, operator);
  const isLeft = operator === "leftJoin";
  const left = table.kind === "GlobalKTable" ? stream : copartitioned(stream, operator, name);
  const buffer = grace === undefined ? undefined : bufferOf(left, table, operator, name, grace);

  const joinWith = (task: TaskContext, out: RecordFlow): ((record: AnyRecord, key: unknown) => void) => {
    const rows = view(task, "now");
    return (record, key) => {
      const row = key === null ? undefined : rows.row(key, record.timestamp);
      if (row !== undefined || isLeft)
        out.next({ ...record, value: joiner(record.value, row?.value ?? null, record.key) });
    };
  };

  return operatorStage<"KStream", unknown, unknown, "left" | "right">(
    "KStream",
    // The table first: of one topic's record it takes the change before the stream looks.
    { right: table, left },
    {
      operator,
      name,
      key: left.key,
      value,
      rekeyed: left.rekeyed,
      // A global table's store is no task's.
      stores: [
        ...(table.kind === "GlobalKTable" ? [] : storesRead(table)),
        ...(buffer === undefined ? [] : [erasedStore(buffer)]),
      ],
      attach: (inputs, task) => {
        const out = new RecordFlow();
        const join = joinWith(task, out);
        const waiting =
          buffer === undefined || grace === undefined
            ? undefined
            : new WaitingRecords(task, buffer, grace, (record) => {
                try {
                  join(record, record.key);
                } catch (error) {
                  // It is left out alone: the record that came is another one, and others wait behind it.
                  task.failed(error, operator);
                }
              });
        forEachRecord(inputs.left, task, operator, (record) => {
          const key = record.value === null || on === undefined ? record.key : on(record.value, record.key);
          if (record.value === null || (key === null && !isLeft)) task.drop("nullKey");
          else if (waiting === undefined || key === null) join(record, key);
          else waiting.take(record);
        });
        return out;
      },
    },
  );
};

/** What the stream is joined as: equal keys must be where the table has them. */
const copartitioned = (stream: StageNode, operator: string, name: string | undefined): StageNode => {
  if (!stream.rekeyed) return stream;
  if (name === undefined)
    throw new TopologyError(
      `${operator}() needs a repartition topic, for keys may have changed since the last one: give it a name`,
    );
  return repartitionNode(stream, name, { operator, key: stream.key, value: stream.value });
};

const bufferOf = (
  stream: StageNode,
  table: StageNode,
  operator: string,
  name: string | undefined,
  grace: number,
): ReturnType<typeof joinBuffer> => {
  checkGrace(grace);
  if (!isVersioned(table))
    throw new TopologyError(
      `${operator}() with grace asks what the table was at another time: keep it in a versionedStore()`,
    );
  for (const store of storesRead(table))
    if (store.kind === "versioned" && store.historyRetention < grace)
      throw new TopologyError(
        `${operator}() waits for ${grace} ms, but "${store.name}" keeps its history for ${store.historyRetention} ms only: ` +
          "raise its historyRetention",
      );
  if (name === undefined)
    throw new TopologyError(`${operator}() with grace keeps the waiting records in a store: give it a name`);
  return joinBuffer(name, stream, operator);
};
