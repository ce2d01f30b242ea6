import { RecordFlow } from "../runtime/task/record-flow.ts";
import type { Change } from "../change.ts";
import type { Headers } from "../record.ts";
import type { TaskContext } from "../runtime/task/task-context.ts";
import type { Row } from "../state/row.ts";
import type { KeyValueStoreDefinition, WindowStoreDefinition } from "../state/store-definition.ts";
import type { WindowStore } from "../state/window-store.ts";
import type { Windowed } from "../windowed.ts";
import type { SlidingWindows, TimeWindows } from "../windows.ts";
import { WindowCloses } from "./window-closes.ts";
import type { Windowing } from "../windowing.ts";

interface WindowResults<K, A> {
  readonly out: RecordFlow;
  readonly store: WindowStore<K, A>;
  /** Undefined where only updates are told. */
  readonly closes: WindowCloses<K, A> | undefined;
  /** Tells of a row that the store does not take. */
  readonly tell: (row: Row<K, A>) => void;
}

/** What becomes of the rows of a windowed aggregation: updates when its store flushes, finals when windows close. */
export const windowResults = <K, A>(
  task: TaskContext,
  { windows, emit, streamTime, closeOnIdle }: Windowing<TimeWindows | SlidingWindows>,
  definition: WindowStoreDefinition<K, A>,
  closed: KeyValueStoreDefinition<Windowed<K>, Uint8Array> | undefined,
): WindowResults<K, A> => {
  const out = new RecordFlow();
  const store = task.store(definition);
  const forward = (row: Row<K, A>, old: A | undefined, final: boolean, headers: Headers): void => {
    const key: Windowed<K> = { key: row.key, start: row.start, end: windows.endOf(row.start), final };
    const value: Change<A> = { newValue: row.value ?? null, oldValue: old ?? null, isLatest: true };
    out.next({ key, value, timestamp: row.timestamp, headers });
  };
  const { grace } = windows;
  const closes =
    emit === "updates"
      ? undefined
      : new WindowCloses(
          task,
          windows.type === "time"
            ? { size: windows.size, grace, closeOnIdle, endOf: (start) => windows.endOf(start) }
            : // A sliding window includes its end.
              {
                size: windows.difference + 1,
                grace,
                closeOnIdle,
                endOf: (start) => windows.endOf(start) + 1,
              },
          store,
          closed === undefined ? undefined : task.store(closed),
          (row) => forward(row, undefined, true, task.headers),
        );
  if (closes !== undefined && (streamTime === "task" || closeOnIdle !== undefined)) task.addHooks(closes);
  if (emit !== "finals")
    store.onFlush((row, old, headers) => {
      if (closes === undefined || !closes.isClosed(row.key, row.start)) forward(row, old, false, headers);
    });
  const tell = (row: Row<K, A>): void => {
    if (emit !== "finals") forward(row, undefined, false, task.headers);
  };
  return { out, store, closes, tell };
};
