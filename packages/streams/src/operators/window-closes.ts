import type { CommittedNumber, TaskContext, TaskHooks } from "../runtime/task/task-context.ts";
import type { Row } from "../state/row.ts";
import type { KeyValueStore } from "../state/key-value-store.ts";
import type { WindowStore } from "../state/window-store.ts";
import type { Windowed } from "../windowed.ts";
import { closedMark, closedToMark, readClosedTo } from "./closed-windows.ts";
import type { Windowing } from "./windowed-by.ts";

/**
 * Which windows of one store are closed, and the one final result of each: in ascending order of their starts,
 * within a start in the order of the keys' bytes. How far it came is committed with the offsets, so a restart
 * neither repeats a final nor leaves one out. Where there is a store for it, a reset of the offsets repeats none either.
 */
export class WindowCloses<K, A> implements TaskHooks {
  readonly closeOnIdle: number | undefined;
  readonly #task: TaskContext;
  readonly #size: number;
  readonly #grace: number;
  readonly #store: WindowStore<K, A>;
  /** Windows closed for want of input, ahead of stream time. */
  readonly #early: KeyValueStore<Windowed<K>, Uint8Array> | undefined;
  readonly #emit: (row: Row<K, A>) => void;
  /** Every window whose end is at or before this is closed; -1 at first. */
  readonly #closedTo: CommittedNumber;
  /** The row of the store above that says how far stream time closed windows. */
  #closedToKey: Windowed<K> | undefined;
  /** Smallest end of an open window that has rows; -1 while unknown. */
  #nextEnd = -1;
  /** Smallest start of a window with rows that idleness has not closed; -1 while unknown. */
  #nextIdleStart = -1;
  #nextEmitAt = 0;

  constructor(
    task: TaskContext,
    windowing: Windowing,
    store: WindowStore<K, A>,
    early: KeyValueStore<Windowed<K>, Uint8Array> | undefined,
    emit: (row: Row<K, A>) => void,
  ) {
    this.#task = task;
    this.#size = windowing.windows.size;
    this.#grace = windowing.windows.grace;
    this.closeOnIdle = windowing.closeOnIdle;
    this.#store = store;
    this.#early = early;
    this.#emit = emit;
    this.#closedTo = task.committedNumber(store.name);
    for (const [key, mark] of early?.all() ?? []) {
      const closedTo = readClosedTo(mark);
      if (closedTo === undefined) continue;
      this.#closedToKey = key;
      if (this.#closedTo.value < 0) this.#closedTo.value = closedTo;
    }
  }

  /** A window got its first row. */
  opened(start: number): void {
    if (this.#nextEnd >= 0) this.#nextEnd = Math.min(this.#nextEnd, start + this.#size);
    if (this.#nextIdleStart >= 0) this.#nextIdleStart = Math.min(this.#nextIdleStart, start);
  }

  /** Whether the store would drop a window that is still to be closed, if it dropped starts up to `expired`. */
  wouldLose(expired: number): boolean {
    return this.#nextEnd - this.#size <= expired;
  }

  isClosed(key: K, start: number): boolean {
    return start + this.#size <= this.#closedTo.value || this.isClosedEarly(key, start);
  }

  /** Closed by idleness although stream time has not come that far. */
  isClosedEarly(key: K, start: number): boolean {
    const early = this.#early;
    const others = this.#closedToKey === undefined ? 0 : 1;
    return (
      early !== undefined && early.approximateEntries() > others && early.has(this.#windowed(key, start))
    );
  }

  onStreamTime(streamTime: number): void {
    this.closeUpTo(streamTime - this.#grace);
  }

  /** Closes every window whose end is at or before `closeTime`. */
  closeUpTo(closeTime: number): void {
    if (this.#task.emitIntervalMs > 0) {
      const now = this.#task.now();
      if (now < this.#nextEmitAt) return;
      this.#nextEmitAt = now + this.#task.emitIntervalMs;
    }
    if (closeTime < this.#nextEnd) return;
    const from = this.#closedTo.value - this.#size + 1;
    if (closeTime > this.#closedTo.value) {
      let last: Row<K, A> | undefined;
      for (const row of this.#store.rowsBetween(from, closeTime - this.#size)) {
        last = row;
        if (this.isClosedEarly(row.key, row.start)) this.#early?.delete(this.#windowed(row.key, row.start));
        else if (row.value !== undefined) this.#emit(row);
      }
      this.#closedTo.value = closeTime;
      if (last !== undefined) this.#remember(last, closeTime);
    }
    const next = this.#store.firstStart(this.#closedTo.value - this.#size + 1);
    this.#nextEnd = next === undefined ? Number.POSITIVE_INFINITY : next + this.#size;
  }

  #remember(row: Row<K, A>, closedTo: number): void {
    if (this.#early === undefined) return;
    if (this.#closedToKey !== undefined) this.#early.delete(this.#closedToKey);
    this.#closedToKey = this.#windowed(row.key, row.start);
    this.#early.put(this.#closedToKey, closedToMark(closedTo), row.timestamp);
  }

  get nextIdleClose(): number {
    if (this.#nextIdleStart < 0) {
      const first = this.#store.firstStart(this.#closedTo.value - this.#size + 1);
      this.#nextIdleStart = first ?? Number.POSITIVE_INFINITY;
    }
    return this.#nextIdleStart + this.#size + this.#grace;
  }

  onIdle(wallClock: number): void {
    const before = wallClock - this.#grace - this.#size;
    for (const row of this.#store.rowsBetween(this.#closedTo.value - this.#size + 1, before)) {
      if (row.start >= before || row.value === undefined || this.isClosedEarly(row.key, row.start)) continue;
      this.#early?.put(this.#windowed(row.key, row.start), closedMark, row.timestamp);
      this.#emit(row);
    }
    this.#nextIdleStart = this.#store.firstStart(before) ?? Number.POSITIVE_INFINITY;
  }

  #windowed(key: K, start: number): Windowed<K> {
    return { key, start, end: start + this.#size, final: false };
  }
}
