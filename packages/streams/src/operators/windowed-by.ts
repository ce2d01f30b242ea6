import type { Stage } from "../stages.ts";
import type { SessionWindows } from "../windows.ts";
import { TopologyError } from "../errors.ts";
import { closesAfter } from "./closes-after.ts";
import { operatorStage, passThrough } from "./operator-stage.ts";
import type { ClosedStore, Windowing, Windows } from "../windowing.ts";

/** When the results of windows are sent on. */
export interface EmitOptions {
  /**
   * What goes downstream: `updates`, each change of a window, at most once per commit (`EmitStrategy.onWindowUpdate`);
   * `finals`, one record per window, when it closes (`EmitStrategy.onWindowClose`); `both`, with `final` in the
   * windowed key telling them apart. Finals come with the record that closes their window: Kafka Streams looks for closed
   * windows once a second at most, because each look reads its store.
   */
  readonly emit?: "updates" | "finals" | "both";
  /**
   * Also closes a window once its end + grace is before the wall clock and its partition has been read to its end
   * and quiet for this long, in ms of this process really running. Not in Kafka Streams, where the last window waits
   * for a next record. Such a window takes no more records, but no other becomes late.
   */
  readonly closeOnIdle?: number;
  /** Where `closeOnIdle` remembers what it closed, where a processor names that store too: see `closedWindows`. */
  readonly closedStore?: Pick<ClosedStore, "kind" | "name" | "changelog">;
  /**
   * Whose stream time decides what is late and what closes: that of the records which reach this operator (as in
   * Kafka Streams), or that of all records its task took. The latter when an operator before this one
   * holds records back or sets other timestamps; its window store then counts retention from the same time.
   */
  readonly streamTime?: "operator" | "task";
}

/** When the results of sessions are sent on. The last session of a key waits for a later record of its partition. */
export type SessionEmitOptions = Pick<EmitOptions, "emit">;

type WindowedKind<Kind, W extends Windows, E> = `${W extends SessionWindows
  ? [E] extends ["finals"]
    ? "SessionFinals"
    : "SessionWindowed"
  : "TimeWindowed"}${Kind extends "CogroupedKStream" ? Kind : "KStream"}`;

/**
 * Groups by key and time window, sliding window or session (`KGroupedStream.windowedBy`, `CogroupedKStream.windowedBy`, with
 * the `emitStrategy` of what it answers). Throws a TopologyError for finals of windows that never close.
 */
export const windowedBy =
  <
    Kind extends "KGroupedStream" | "CogroupedKStream",
    K,
    V,
    W extends Windows,
    E extends Windowing["emit"] = "updates",
  >(
    windows: W,
    options: (W extends SessionWindows ? SessionEmitOptions : EmitOptions) & { readonly emit?: E } = {},
  ): ((stage: Stage<Kind, K, V>) => Stage<WindowedKind<Kind, W, E>, K, V>) =>
  ({ node }) => {
    const { role } = node;
    const { emit = "updates", closeOnIdle, closedStore, streamTime = "operator" }: EmitOptions = options;
    const ofNoUse = Object.entries(options).find(([name, value]) => name !== "emit" && value !== undefined);
    if (windows.type === "session" && ofNoUse !== undefined)
      throw new TopologyError(
        `${ofNoUse[0]} is of no use to sessions, which end by the times of the records that reach them: leave it out`,
      );
    if (emit !== "updates" && closesAfter(windows) === Number.POSITIVE_INFINITY)
      throw new TopologyError(
        `windows without an end, or with an infinite grace, never close: emit: "${emit}" would wait for ever for finals`,
      );
    if (closeOnIdle !== undefined && emit === "updates")
      throw new TopologyError(
        'closeOnIdle closes windows, which shows only where finals are emitted: add emit: "finals" or "both"',
      );
    if (closeOnIdle !== undefined && !(Number.isFinite(closeOnIdle) && closeOnIdle >= 0))
      throw new TopologyError(`closeOnIdle must be 0 ms or more, not ${closeOnIdle}`);
    const time = windows.type === "session" ? "SessionWindowed" : "TimeWindowed";
    const what = node.kind === "CogroupedKStream" ? "CogroupedKStream" : "KStream";
    return operatorStage<WindowedKind<Kind, W, E>, K, V>(
      `${time}${what}` as WindowedKind<Kind, W, E>,
      { input: node },
      {
        operator: "windowedBy",
        role: {
          type: "grouping",
          repartition: role.type === "grouping" ? role.repartition : undefined,
          cogroups: role.type === "grouping" ? role.cogroups : undefined,
          windowing: {
            windows,
            emit,
            closeOnIdle,
            closedStore: closedStore as ClosedStore | undefined,
            streamTime,
          },
        },
        attach: passThrough,
      },
    );
  };
