import { RecordFlow } from "../runtime/task/record-flow.ts";
import type { Change } from "../change.ts";
import type { Headers } from "../record.ts";
import type { Attach } from "../stages.ts";
import type { SessionStoreDefinition } from "../state/store-definition.ts";
import type { Windowed } from "../windowed.ts";
import type { SessionWindows } from "../windows.ts";
import { aggregateOf, type Merge, type StepsByInput } from "./aggregation.ts";
import { forEachRecord } from "./for-each-record.ts";
import { SessionCloses } from "./session-closes.ts";
import { observedTimes } from "./observed-times.ts";
import type { Windowing } from "../windowing.ts";

/**
 * An aggregation per key and session (Kafka Streams' `KStreamSessionWindowAggregate`). A record merges the sessions that it
 * connects, each of which is deleted; it is late when the session that it would make ended before stream time - gap -
 * grace. Null keys are dropped before stream time moves, null values are added.
 */
export const attachSessionAggregate =
  <K, A>(
    operator: string,
    { windows: { gap, grace }, emit }: Windowing<SessionWindows>,
    definition: SessionStoreDefinition<K, A>,
    steps: StepsByInput<K, A>,
    merge: Merge<K, A>,
  ): Attach =>
  (inputs, task) => {
    const out = new RecordFlow();
    const store = task.store(definition);

    const forward = (
      { key, start, end }: Omit<Windowed<K>, "final">,
      value: A | undefined,
      old: A | undefined,
      final: boolean,
      headers: Headers,
    ): void => {
      const windowed: Windowed<K> = { key, start, end, final };
      const change: Change<A> = { newValue: value ?? null, oldValue: old ?? null, isLatest: true };
      out.next({ key: windowed, value: change, timestamp: end, headers });
    };

    const closes =
      emit === "updates"
        ? undefined
        : new SessionCloses(task, store, (row) => forward(row, row.value, undefined, true, task.headers));

    if (emit !== "finals")
      store.onFlush((row, old, headers) => {
        // A closed session that grew after all is taken back.
        if (row.value === undefined || closes?.isClosed(row.end) !== true)
          forward(row, row.value, old, false, headers);
      });

    const observe = observedTimes(task, store, steps, closes === undefined ? undefined : gap + grace);
    for (const [label, input] of Object.entries(inputs)) {
      const step = steps[label];
      const observed = observe(label);
      if (step === undefined) continue;
      forEachRecord(input, task, operator, (record) => {
        if (record.key === null) {
          task.drop("nullKey");
          return;
        }
        const key = record.key as K;
        const { timestamp } = record;
        if (timestamp > observed.value) observed.value = timestamp;
        const closeTime = observed.value - grace - gap;
        // As on the JVM finals go out after the record is added; before it only where that would expire their rows.
        if (closes?.wouldLose(timestamp - definition.retention) === true) closes.closeAllUpTo(closeTime);
        try {
          const merged = store.rows(key, timestamp - gap, timestamp + gap);
          let start = timestamp;
          let end = timestamp;
          for (const row of merged) {
            if (row.start < start) start = row.start;
            if (row.end > end) end = row.end;
          }
          if (end < closeTime) task.drop("late");
          else {
            let current: A | undefined;
            for (const { value } of merged)
              if (value !== undefined) current = aggregateOf(merge(current, value, key));
            const next = aggregateOf(step(current, record.value, key));
            if (start < end) for (const row of merged) store.update(row, undefined, timestamp);
            // The store may hide sessions that are not late yet: what it does not keep is told all the same.
            if (store.insert(key, start, end, next, timestamp)) closes?.ends(end);
            else if (emit !== "finals") forward({ key, start, end }, next, undefined, false, record.headers);
          }
        } catch (error) {
          // The time that the record brought closes sessions all the same.
          task.failed(error, operator);
        }
        closes?.closeUpTo(closeTime);
      });
    }
    return out;
  };
