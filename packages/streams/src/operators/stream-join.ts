import { RecordFlow } from "../runtime/task/record-flow.ts";
import { TopologyError } from "../errors.ts";
import type { TaskContext } from "../runtime/task/task-context.ts";
import type { ErasedSerde } from "../serde.ts";
import type { AnyRecord, KStream, StageNode } from "../stages.ts";
import { erasedStore } from "../state/store-definition.ts";
import { forEachRecord } from "./for-each-record.ts";
import type { ErasedJoin, ErasedJoiner } from "./joined.ts";
import { operatorStage } from "./operator-stage.ts";
import { repartitionNode } from "./repartition-node.ts";
import { SideRecords } from "./side-records.ts";
import type { OuterSides } from "../outer-sides.ts";
import { type StreamJoinSide, streamJoinStores } from "./stream-join-stores.ts";
import { UnjoinedRecords } from "./unjoined-records.ts";

type Side = "left" | "right";

const outerOf: Readonly<Record<string, OuterSides>> = {
  join: { left: false, right: false },
  leftJoin: { left: true, right: false },
  outerJoin: { left: true, right: true },
};

/** The join of two streams' records that are close in time (`KStreamKStreamJoin`). */
export const streamJoin = (
  leftInput: StageNode,
  rightInput: StageNode,
  operator: string,
  joiner: ErasedJoiner,
  options: ErasedJoin,
): KStream<unknown, unknown> => {
  const { name, windows, value } = options;
  const topics = options.repartition ?? {};
  const store = typeof options.store === "string" ? options.store : undefined;
  const outer = outerOf[operator];
  if (outer === undefined) throw new TopologyError(`"${operator}" is no join of streams`);
  if (name === undefined || windows === undefined)
    throw new TopologyError(`${operator}() of two streams needs windows, and a name for its stores`);
  const left = sideOf(leftInput, options.key, options.left, operator, topics.left ?? `${name}-left`);
  const right = sideOf(rightInput, options.key, options.right, operator, topics.right ?? `${name}-right`);
  const stores = streamJoinStores({ left, right }, operator, store ?? name, windows, outer);
  const { unjoined: shared } = stores;
  const result = (side: Side, own: unknown, other: unknown, key: unknown): unknown =>
    side === "left" ? joiner(own, other, key) : joiner(other, own, key);

  return operatorStage<"KStream", unknown, unknown, Side>(
    "KStream",
    { left: left.node, right: right.node },
    {
      operator,
      name,
      role: { type: "streamJoin", outer },
      key: left.key,
      value,
      rekeyed: false,
      // In the order in which the JVM writes them.
      stores: [...(shared === undefined ? [] : [shared]), stores.left, stores.right].map(erasedStore),
      attach: (inputs, task) => {
        const out = new RecordFlow();
        const leftRecords = new SideRecords(task, stores.left);
        const rightRecords = new SideRecords(task, stores.right);
        const unjoined =
          shared === undefined
            ? undefined
            : new UnjoinedRecords(task, shared, windows, ({ key, side, timestamp }, own, cause) => {
                try {
                  out.next({ ...cause, key, value: result(side, own, null, key), timestamp });
                } catch (error) {
                  // It is left out alone: the record that came is another one.
                  task.failed(error, operator);
                }
              });
        attachSide({
          task,
          operator,
          side: "left",
          input: inputs.left,
          own: leftRecords,
          other: rightRecords,
          ...windows,
          isOuter: outer.left,
          isOtherOuter: outer.right,
          unjoined,
          out,
          result,
        });
        attachSide({
          task,
          operator,
          side: "right",
          input: inputs.right,
          own: rightRecords,
          other: leftRecords,
          before: windows.after,
          after: windows.before,
          isOuter: outer.right,
          isOtherOuter: outer.left,
          unjoined,
          out,
          result,
        });
        return out;
      },
    },
  );
};

interface JoinSide {
  readonly task: TaskContext;
  readonly operator: string;
  readonly side: Side;
  readonly input: RecordFlow;
  readonly own: SideRecords;
  readonly other: SideRecords;
  /** How much earlier, and later, than this side's record the other side's may be, ms. */
  readonly before: number;
  readonly after: number;
  readonly isOuter: boolean;
  readonly isOtherOuter: boolean;
  readonly unjoined: UnjoinedRecords | undefined;
  readonly out: RecordFlow;
  readonly result: (side: Side, own: unknown, other: unknown, key: unknown) => unknown;
}

const attachSide = (one: JoinSide): void => {
  const { task, operator, side, own, other, before, after, isOuter, isOtherOuter, unjoined, out, result } =
    one;
  const otherSide = side === "left" ? "right" : "left";

  const alone = (record: AnyRecord): void =>
    out.next({ ...record, value: result(side, record.value, null, record.key) });

  const meet = (record: AnyRecord): void => {
    const { key, value, timestamp } = record;
    unjoined?.look(side, record);
    const to = Math.max(0, timestamp + after);
    let met = false;
    for (const row of other.fetch(key, Math.max(0, timestamp - before), to)) {
      met = true;
      const { start } = row;
      if (isOtherOuter) unjoined?.joined(otherSide, start, record);
      out.next({
        ...record,
        value: result(side, value, row.value, key),
        timestamp: Math.max(timestamp, start),
      });
    }
    if (met || !isOuter || unjoined === undefined) return;
    if (unjoined.isPast(to)) alone(record);
    else unjoined.add(side, record);
  };

  forEachRecord(one.input, task, operator, (record) => {
    const { key, value } = record;
    unjoined?.observe(record.timestamp);
    if (value === null || (key === null && !isOuter)) task.drop("nullKey");
    else if (key === null) alone(record);
    else {
      try {
        meet(record);
      } catch (error) {
        // Others may join it all the same.
        task.failed(error, operator);
      }
    }
    // Only now, so that a stream joined with itself meets each record once.
    if (key !== null && !own.keep(record)) task.drop("late");
  });
};

/** What a side is joined as: equal keys must be where the other side has them. */
const sideOf = (
  input: StageNode,
  key: ErasedSerde | undefined,
  value: ErasedSerde | undefined,
  operator: string,
  name: string,
): StreamJoinSide => {
  const serdes = { key: key ?? input.key, value: value ?? input.value };
  return { ...serdes, node: input.rekeyed ? repartitionNode(input, name, { operator, ...serdes }) : input };
};
