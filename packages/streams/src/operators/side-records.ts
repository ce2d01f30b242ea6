import type { CommittedNumber, TaskContext } from "../runtime/task/task-context.ts";
import type { AnyRecord } from "../stages.ts";
import type { JoinStore } from "../state/join-store.ts";
import type { Row } from "../state/row.ts";
import type { JoinStoreDefinition } from "../state/store-definition.ts";

/** The JVM's stores keep and forget whole segments of time, of half the retention, at least this long, ms. */
const shortestSegment = 60_000;

/** The records of one side of a stream-stream join, for as long as those of the other side may meet them. */
export class SideRecords {
  readonly #store: JoinStore<unknown, unknown>;
  readonly #retention: number;
  readonly #segment: number;
  /** Stream time of this side, ms. */
  readonly #streamTime: CommittedNumber;

  constructor(task: TaskContext, definition: JoinStoreDefinition) {
    this.#store = task.store(definition);
    this.#retention = definition.retention;
    this.#segment = Math.max(shortestSegment, Math.floor(definition.retention / 2));
    this.#streamTime = task.committedTime(`${definition.name}-stream-time`, this.#store.restoredTime);
  }

  /** Those of a key with times in `[from, to]`, by time, those of one time as they came. */
  fetch(key: unknown, from: number, to: number): Iterable<Row<unknown, unknown>> {
    return this.#store.fetch(key, from, to);
  }

  /**
   * Keeps a record unless it has no value, or is too old to be met; false when it is so by a segment, which is what the JVM counts as
   * dropped.
   */
  keep({ key, value, timestamp }: AnyRecord): boolean {
    if (value === null) {
      this.#store.pass?.(key, timestamp);
      return true;
    }
    if (timestamp > this.#streamTime.value) this.#streamTime.value = timestamp;
    return (
      this.#store.put(key, timestamp, value) ||
      this.#segmentOf(timestamp) >= this.#segmentOf(this.#streamTime.value - this.#retention)
    );
  }

  #segmentOf(time: number): number {
    return Math.floor(time / this.#segment);
  }
}
