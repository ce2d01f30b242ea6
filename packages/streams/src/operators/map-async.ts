import { RecordFlow } from "../runtime/task/record-flow.ts";
import { MillraceError, TopologyError } from "../errors.ts";
import { erased, type Serde } from "../serde.ts";
import type { StreamRecord } from "../record.ts";
import type { KStream, StageNode } from "../stages.ts";
import { keyIdentity } from "../state/key-identity.ts";
import { forEachRecord } from "./for-each-record.ts";
import { KeyedQueue } from "./keyed-queue.ts";
import { makerOf } from "./missing-serde.ts";
import type { Named } from "./named.ts";
import type { OfRecord } from "./of-record.ts";
import { operatorStage } from "./operator-stage.ts";
import { type CallPatience, checkPatience, patientCall } from "./patient-call.ts";

/** How many calls go on at once, what stays in order, and how long they may take. */
export interface MapAsyncOptions<K, V2> extends Named, CallPatience {
  /** How many calls may be under way at once, in one task. */
  readonly concurrency: number;
  readonly value?: Serde<V2>;
  /**
   * Records with the same answer (by `===`) stay in order; by default those of equal keys, by their serialized bytes.
   * Needed where keys are objects and no serde of theirs is known.
   */
  readonly orderBy?: (key: K) => unknown;
}

/**
 * A new value for each record by (value, key, record), made asynchronously: the one door to the outside. Records of one key stay in order,
 * and are never under way at the same time; different keys overtake each other. When `concurrency` calls are under
 * way and as many wait, the task takes no more records. A commit waits for the calls of the records that it holds;
 * where a stream comes here without a store, a sink or a repartition before, calls for later records go on meanwhile.
 * A promise that is rejected, or has no answer within `timeoutMs`, is repeated as `retry` says and then
 * goes to the processing handler, with the record that the task had taken. A call may be repeated after a crash, too.
 */
export const mapAsync = <K, V, V2>(
  mapper: OfRecord<K, V, Promise<V2> | V2>,
  options: MapAsyncOptions<NoInfer<K>, V2>,
): ((stage: KStream<K, V>) => KStream<K, V2>) => {
  if (!(options.concurrency >= 1))
    throw new TopologyError(`the concurrency of mapAsync() must be 1 or more, not ${options.concurrency}`);
  checkPatience(options);
  return ({ node }) =>
    operatorStage<"KStream", K, V2>(
      "KStream",
      { input: node },
      {
        operator: "mapAsync",
        name: options.name,
        flow: "asynchronous",
        value: erased(options.value),
        attach: ({ input }, task) => {
          const out = new RecordFlow();
          const identity =
            (options.orderBy as ((key: unknown) => unknown) | undefined) ??
            (node.key === undefined ? ownIdentity(node) : keyIdentity(node.key));
          const queue = new KeyedQueue<V2>(options.concurrency, () => task.monotonic());
          task.addAsyncWork(queue);
          forEachRecord(input, task, "mapAsync", (record) => {
            const taken = task.taken();
            const forward = (value: V2): void =>
              task.resume(taken, record.timestamp, () => out.next({ ...record, value }));
            const failed = (error: unknown): void =>
              task.resume(taken, record.timestamp, () => task.failed(error, "mapAsync"));
            const call = (): Promise<V2> | V2 =>
              mapper(record.value as V, record.key as K, record as StreamRecord<K, V>);
            const about = { operator: "mapAsync", position: taken?.headPosition };
            const run =
              options.timeoutMs === undefined && options.retry === undefined
                ? call
                : () => patientCall(task, about, call, options);
            const trace = taken?.trace;
            const job = {
              about,
              run: trace === undefined ? run : () => trace.call(options.name ?? "mapAsync", run),
              done: forward,
              failed,
            };
            queue.add(record.key === null ? undefined : identity(record.key), job, task.readingAhead);
          });
          return out;
        },
      },
    );
};

/** Keys without a serde: equal ones are known to be equal only where they are primitive. */
const ownIdentity =
  (node: StageNode) =>
  (key: unknown): unknown => {
    if (typeof key !== "object" && typeof key !== "function") return key;
    const maker = makerOf("key", node);
    throw new MillraceError(
      `mapAsync() keeps the records of one key in order, but can't tell which of these keys are equal: give ` +
        `${maker.operator}() a serde as { key: ... }, or mapAsync() an orderBy`,
      { code: "UNORDERED_KEY" },
    );
  };
