import type { KGroupedStream, StageNode, TimeWindowedKStream } from "../stages.ts";
import type { TimeWindows } from "../windows.ts";
import { TopologyError } from "../errors.ts";
import { operatorStage, passThrough } from "./operator-stage.ts";

export interface EmitOptions {
  /**
   * What goes downstream: `updates`, each change of a window, at most once per commit (`EmitStrategy.onWindowUpdate`);
   * `finals`, one record per window, when it closes (`EmitStrategy.onWindowClose`); `both`, with `final` in the
   * windowed key telling them apart.
   */
  readonly emit?: "updates" | "finals" | "both";
  /**
   * Also closes a window once its end + grace is before the wall clock and its partition has been read to its end
   * and quiet for this long, in ms of this process really running. Not in Kafka Streams, where the last window waits
   * for a next record. Such a window takes no more records, but no other becomes late.
   */
  readonly closeOnIdle?: number;
  /**
   * Whose stream time decides what is late and what closes: that of the records which reach this operator (as in
   * Kafka Streams), or that of all records its task took. The latter when an operator before this one
   * holds records back or sets other timestamps.
   */
  readonly streamTime?: "operator" | "task";
}

export interface Windowing {
  readonly windows: TimeWindows;
  readonly emit: "updates" | "finals" | "both";
  readonly closeOnIdle: number | undefined;
  readonly streamTime: "operator" | "task";
}

const windowings = new WeakMap<StageNode, Windowing>();

/** Groups by key and time window (`KGroupedStream.windowedBy`). */
export const windowedBy =
  <K, V>(
    windows: TimeWindows,
    { emit = "updates", closeOnIdle, streamTime = "operator" }: EmitOptions = {},
  ): ((stage: KGroupedStream<K, V>) => TimeWindowedKStream<K, V>) =>
  ({ node }) => {
    if (closeOnIdle !== undefined && emit === "updates")
      throw new TopologyError(
        'closeOnIdle closes windows, which shows only where finals are emitted: add emit: "finals" or "both"',
      );
    const stage = operatorStage<"TimeWindowedKStream", K, V>("TimeWindowedKStream", [node], {
      operator: "windowedBy",
      attach: passThrough,
    });
    windowings.set(stage.node, { windows, emit, closeOnIdle, streamTime });
    return stage;
  };

/** How a windowed stage was windowed. */
export const windowingOf = (node: StageNode): Windowing | undefined => windowings.get(node);
