import { Subject } from "rxjs";
import type { Change } from "../change.ts";
import { noHeaders } from "../record.ts";
import type { AnyRecord, Attach } from "../stages.ts";
import type { Entry } from "../state/entry.ts";
import type { KeyValueStoreDefinition, WindowStoreDefinition } from "../state/store-definition.ts";
import type { Windowed } from "../windowed.ts";
import type { Step } from "./aggregation.ts";
import { forEachRecord } from "./for-each-record.ts";
import { WindowCloses } from "./window-closes.ts";
import type { Windowing } from "./windowed-by.ts";

/**
 * An aggregation per key and time window (Kafka Streams' `KStreamWindowAggregate`). A window takes records until
 * stream time reaches end + grace; null keys are dropped before stream time moves, null values are added.
 */
export const attachWindowedAggregate =
  <K, V, A>(
    operator: string,
    windowing: Windowing,
    definition: WindowStoreDefinition<K, A>,
    closed: KeyValueStoreDefinition<Windowed<K>, Uint8Array> | undefined,
    step: Step<K, V, A>,
  ): Attach =>
  ([input], task) => {
    const { windows, emit, streamTime } = windowing;
    const { size, advance, grace } = windows;
    const byTask = streamTime === "task";
    const out = new Subject<AnyRecord>();
    const store = task.windowStore(definition);
    const observed = task.committedNumber(`${definition.name}-stream-time`);

    const forward = (entry: Entry<K, A>, old: A | undefined, final: boolean): void => {
      const key: Windowed<K> = { key: entry.key, start: entry.start, end: entry.start + size, final };
      const value: Change<A> = { newValue: entry.value ?? null, oldValue: old ?? null };
      out.next({ key, value, timestamp: entry.timestamp, headers: noHeaders });
    };

    const closes =
      emit === "updates"
        ? undefined
        : new WindowCloses(
            task,
            windowing,
            store,
            closed === undefined ? undefined : task.keyValueStore(closed),
            (entry) => forward(entry, undefined, true),
          );
    if (closes !== undefined && (byTask || windowing.closeOnIdle !== undefined)) task.addWindowCloser(closes);

    if (emit !== "finals")
      task.onFlush<K, A>(definition.name, (entry, old) => {
        if (closes === undefined || !closes.isClosed(entry.key, entry.start)) forward(entry, old, false);
      });

    const add = (record: AnyRecord, key: K, start: number): void => {
      if (closes?.isClosedEarly(key, start) === true) {
        task.drop("late");
        return;
      }
      const row = store.entry(key, start);
      const current = row?.value;
      const next = step(current, record.value as V, key);
      const value = next === null ? undefined : next;
      if (row === undefined) {
        store.insert(key, start, value, record.timestamp);
        closes?.opened(start);
      } else {
        const timestamp =
          current === undefined || record.timestamp > row.timestamp ? record.timestamp : row.timestamp;
        store.update(row, value, timestamp);
      }
    };

    forEachRecord(input, task, operator, (record) => {
      if (record.key === null) {
        task.drop("nullKey");
        return;
      }
      const { timestamp } = record;
      if (timestamp > observed.value) observed.value = timestamp;
      const closeTime = (byTask ? task.streamTime : observed.value) - grace;
      // As on the JVM finals go out after the record is added; before it only where that would expire their rows.
      if (!byTask && closes?.wouldLose(timestamp - definition.retention) === true)
        closes.closeUpTo(closeTime);
      try {
        for (let start = windows.firstStart(timestamp); start <= timestamp; start += advance) {
          if (start + size > closeTime) add(record, record.key as K, start);
          else task.drop("late");
        }
      } catch (error) {
        // The time that the record brought closes windows all the same.
        task.failed(error, operator);
      }
      if (!byTask) closes?.closeUpTo(closeTime);
    });
    return out;
  };
