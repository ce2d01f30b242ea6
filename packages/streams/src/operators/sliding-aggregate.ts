import type { Attach } from "../stages.ts";
import type { KeyValueStoreDefinition, WindowStoreDefinition } from "../state/store-definition.ts";
import type { Windowed } from "../windowed.ts";
import type { SlidingWindows } from "../windows.ts";
import type { StepsByInput } from "./aggregation.ts";
import { forEachRecord } from "./for-each-record.ts";
import { observedTimes } from "./observed-times.ts";
import { SlidingRecord } from "./sliding-record.ts";
import { windowResults } from "./window-results.ts";
import { WindowUpdates } from "./window-updates.ts";
import type { Windowing } from "../windowing.ts";

/**
 * An aggregation per key and sliding window (Kafka Streams' `KStreamSlidingWindowAggregate`). A window takes records until
 * stream time passes its end + grace; null keys and null values are dropped before stream time moves.
 */
export const attachSlidingAggregate =
  <K, A>(
    operator: string,
    windowing: Windowing<SlidingWindows>,
    definition: WindowStoreDefinition<K, A>,
    closed: KeyValueStoreDefinition<Windowed<K>, Uint8Array> | undefined,
    steps: StepsByInput<K, A>,
  ): Attach =>
  (inputs, task) => {
    const { windows, streamTime } = windowing;
    const byTask = streamTime === "task";
    const { out, store, closes, tell } = windowResults(task, windowing, definition, closed);
    const updates = new WindowUpdates(store, closes, tell);
    const observe = observedTimes(task, store, steps, closes === undefined ? undefined : windows.grace);
    for (const [label, input] of Object.entries(inputs)) {
      const step = steps[label];
      if (step === undefined) continue;
      const observed = observe(label);
      forEachRecord(input, task, operator, ({ key, value, timestamp }) => {
        if (key === null || value === null) {
          task.drop("nullKey");
          return;
        }
        if (timestamp > observed.value) observed.value = timestamp;
        const now = byTask ? task.streamTime : observed.value;
        const closeTime = now - windows.grace;
        // A window that the record opens may start 1 ms after it.
        if (closes?.wouldLose((byTask ? now : timestamp) + 1 - definition.retention) === true)
          closes.closeAllUpTo(closeTime);
        try {
          if (timestamp + windows.difference < closeTime) task.drop("late");
          else {
            updates.clear();
            const sliding = new SlidingRecord(
              { store, closes, updates, step },
              { key: key as K, value, timestamp },
              windows.difference,
              closeTime,
            );
            sliding.plan();
            updates.write(key as K);
            for (let { late } = sliding; late > 0; late--) task.drop("late");
          }
        } catch (error) {
          // The time that the record brought closes windows all the same.
          task.failed(error, operator);
        }
        if (!byTask) closes?.closeUpTo(closeTime);
      });
    }
    return out;
  };
