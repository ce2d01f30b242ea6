import type { AnyRecord, Attach } from "../stages.ts";
import type { KeyValueStoreDefinition, WindowStoreDefinition } from "../state/store-definition.ts";
import type { Windowed } from "../windowed.ts";
import type { TimeWindows } from "../windows.ts";
import { aggregateOf, type Step, type StepsByInput } from "./aggregation.ts";
import { forEachRecord } from "./for-each-record.ts";
import { observedTimes } from "./observed-times.ts";
import { windowResults } from "./window-results.ts";
import { WindowUpdates } from "./window-updates.ts";
import type { Windowing } from "../windowing.ts";

/**
 * An aggregation per key and time window (Kafka Streams' `KStreamWindowAggregate`). A window takes records until
 * stream time reaches end + grace; null keys are dropped before stream time moves, null values are added.
 */
export const attachWindowedAggregate =
  <K, A>(
    operator: string,
    windowing: Windowing<TimeWindows>,
    definition: WindowStoreDefinition<K, A>,
    closed: KeyValueStoreDefinition<Windowed<K>, Uint8Array> | undefined,
    steps: StepsByInput<K, A>,
  ): Attach =>
  (inputs, task) => {
    const { windows, streamTime } = windowing;
    const { advance, grace } = windows;
    /** Each time is in one window: there is nothing to undo. */
    const single = advance >= windows.size;
    const byTask = streamTime === "task";
    const { out, store, closes, tell } = windowResults(task, windowing, definition, closed);
    const updates = new WindowUpdates(store, closes, tell);
    const observe = observedTimes(task, store, steps, closes === undefined ? undefined : grace);

    const add = (step: Step<K, unknown, A>, record: AnyRecord, key: K, closeTime: number): void => {
      const { timestamp } = record;
      let late = 0;
      if (!single) updates.clear();
      for (let start = windows.firstStart(timestamp); start <= timestamp; start += advance) {
        if (windows.endOf(start) <= closeTime || closes?.isClosedEarly(key, start) === true) {
          late++;
          continue;
        }
        const row = store.row(key, start);
        const current = row?.value;
        const value = aggregateOf(step(current, record.value, key));
        const time =
          row === undefined || current === undefined || timestamp > row.timestamp ? timestamp : row.timestamp;
        if (single) updates.set(key, row, start, value, time);
        else updates.add(row, start, value, time);
      }
      if (!single) updates.write(key);
      for (; late > 0; late--) task.drop("late");
    };

    for (const [label, input] of Object.entries(inputs)) {
      const step = steps[label];
      if (step === undefined) continue;
      const observed = observe(label);
      forEachRecord(input, task, operator, (record) => {
        if (record.key === null) {
          task.drop("nullKey");
          return;
        }
        const { timestamp } = record;
        if (timestamp > observed.value) observed.value = timestamp;
        const now = byTask ? task.streamTime : observed.value;
        const closeTime = now - grace;
        // As on the JVM finals go out after the record is added; before it only where that would expire their rows.
        if (closes?.wouldLose((byTask ? now : timestamp) - definition.retention) === true)
          closes.closeAllUpTo(closeTime);
        try {
          add(step, record, record.key as K, closeTime);
        } catch (error) {
          // The time that the record brought closes windows all the same.
          task.failed(error, operator);
        }
        if (!byTask) closes?.closeUpTo(closeTime);
      });
    }
    return out;
  };
