import { Subject } from "rxjs";
import type { Change } from "../change.ts";
import { noHeaders } from "../record.ts";
import type { AnyRecord } from "../stages.ts";
import type { Row } from "../state/row.ts";
import type { KeyValueStoreDefinition, WindowStoreDefinition } from "../state/store-definition.ts";
import type { Windowed } from "../windowed.ts";
import { aggregateOf, type Step } from "./aggregation.ts";
import { forEachRecord } from "./for-each-record.ts";
import type { AttachOne } from "./operator-stage.ts";
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
  ): AttachOne =>
  ({ input }, task) => {
    const { windows, emit, streamTime } = windowing;
    const { size, advance, grace } = windows;
    const byTask = streamTime === "task";
    const out = new Subject<AnyRecord>();
    const store = task.store(definition);
    const observed = task.committedNumber(`${definition.name}-stream-time`);

    const forward = (row: Row<K, A>, old: A | undefined, final: boolean): void => {
      const key: Windowed<K> = { key: row.key, start: row.start, end: row.start + size, final };
      const value: Change<A> = { newValue: row.value ?? null, oldValue: old ?? null, isLatest: true };
      out.next({ key, value, timestamp: row.timestamp, headers: noHeaders });
    };

    const closes =
      emit === "updates"
        ? undefined
        : new WindowCloses(
            task,
            windowing,
            store,
            closed === undefined ? undefined : task.store(closed),
            (row) => forward(row, undefined, true),
          );
    if (closes !== undefined && (byTask || windowing.closeOnIdle !== undefined)) task.addHooks(closes);

    if (emit !== "finals")
      store.onFlush((row, old) => {
        if (closes === undefined || !closes.isClosed(row.key, row.start)) forward(row, old, false);
      });

    const add = (record: AnyRecord, key: K, start: number): void => {
      if (closes?.isClosedEarly(key, start) === true) {
        task.drop("late");
        return;
      }
      const row = store.row(key, start);
      const current = row?.value;
      const value = aggregateOf(step(current, record.value as V, key));
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
