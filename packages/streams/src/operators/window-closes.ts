import type { CommittedNumber, TaskContext, TaskHooks } from "../runtime/task/task-context.ts";
import type { Row } from "../state/row.ts";
import type { KeyValueStore } from "../state/key-value-store.ts";
import type { WindowStore } from "../state/window-store.ts";
import type { Windowed } from "../windowed.ts";
import { closedMark, closedToMark, readClosedTo } from "./closed-windows.ts";

interface ClosingWindows {
  /** ms of the longest window. */
  readonly size: number;
  readonly grace: number;
  readonly closeOnIdle: number | undefined;
  /** Exclusive end of the window that starts there: never before that of an earlier one. */
  endOf(start: number): number;
}

/**
 * Which windows of one store are closed, and the one final result of each: in ascending order of their starts,
 * within a start in the order of the keys' bytes. How far it came is committed with the offsets, so a restart
 * neither repeats a final nor leaves one out. Where there is a store for it, a reset of the offsets repeats none either.
 */
export class WindowCloses<K, A> implements TaskHooks {
  readonly closeOnIdle: number | undefined;
  readonly #task: TaskContext;
  readonly #windows: ClosingWindows;
  readonly #grace: number;
  readonly #store: WindowStore<K, A>;
  /** Windows closed for want of input, ahead of stream time. */
  readonly #early: KeyValueStore<Windowed<K>, Uint8Array> | undefined;
  readonly #emit: (row: Row<K, A>) => void;
  /** Every window whose end is at or before this is closed; -1 at first. */
  readonly #closedTo: CommittedNumber;
  /** The row of the store above that says how far stream time closed windows. */
  #closedToKey: Windowed<K> | undefined;
  /** Smallest start of an open window that has rows; -1 while unknown. */
  #nextStart = -1;
  /** End of that window; -1 while unknown. */
  #nextEnd = -1;
  /** Smallest end of a window with rows that idleness has not closed; -1 while unknown. */
  #nextIdleEnd = -1;
  #nextEmitAt = 0;

  constructor(
    task: TaskContext,
    windows: ClosingWindows,
    store: WindowStore<K, A>,
    early: KeyValueStore<Windowed<K>, Uint8Array> | undefined,
    emit: (row: Row<K, A>) => void,
  ) {
    this.#task = task;
    this.#windows = windows;
    this.#grace = windows.grace;
    this.closeOnIdle = windows.closeOnIdle;
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
    if (this.#nextEnd >= 0 && start < this.#nextStart) {
      this.#nextStart = start;
      this.#nextEnd = this.#windows.endOf(start);
    }
    if (this.#nextIdleEnd >= 0) this.#nextIdleEnd = Math.min(this.#nextIdleEnd, this.#windows.endOf(start));
  }

  /** Whether the store would drop a window that is still to be closed, if it dropped starts up to `expired`. */
  wouldLose(expired: number): boolean {
    if (this.#nextEnd < 0) this.#look();
    return this.#nextStart <= expired;
  }

  isClosed(key: K, start: number): boolean {
    return this.#windows.endOf(start) <= this.#closedTo.value || this.isClosedEarly(key, start);
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

  /** Closes every window whose end is at or before `closeTime`, unless it was looked for within the emit interval. */
  closeUpTo(closeTime: number): void {
    if (this.#task.emitIntervalMs > 0) {
      const now = this.#task.now();
      if (now < this.#nextEmitAt) return;
      this.#nextEmitAt = now + this.#task.emitIntervalMs;
    }
    this.closeAllUpTo(closeTime);
  }

  /** Closes every window whose end is at or before `closeTime`. */
  closeAllUpTo(closeTime: number): void {
    if (closeTime < this.#nextEnd) return;
    const closedTo = this.#closedTo.value;
    if (closeTime > closedTo) {
      let last: Row<K, A> | undefined;
      for (const row of this.#store.rowsBetween(closedTo - this.#windows.size + 1, closeTime)) {
        const end = this.#windows.endOf(row.start);
        if (end > closeTime) break;
        if (end <= closedTo) continue;
        last = row;
        if (this.isClosedEarly(row.key, row.start)) this.#early?.delete(this.#windowed(row.key, row.start));
        else if (row.value !== undefined) this.#emit(row);
      }
      this.#closedTo.value = closeTime;
      if (last !== undefined) this.#remember(last, closeTime);
    }
    this.#look();
  }

  /** Finds the first open window. */
  #look(): void {
    const next = this.#firstEndingAfter(this.#closedTo.value);
    this.#nextStart = next ?? Number.POSITIVE_INFINITY;
    this.#nextEnd = next === undefined ? Number.POSITIVE_INFINITY : this.#windows.endOf(next);
  }

  /** Start of the first window with rows that ends after `time`. */
  #firstEndingAfter(time: number): number | undefined {
    let start = this.#store.firstStart(time - this.#windows.size + 1);
    while (start !== undefined && this.#windows.endOf(start) <= time)
      start = this.#store.firstStart(start + 1);
    return start;
  }

  #remember(row: Row<K, A>, closedTo: number): void {
    if (this.#early === undefined) return;
    if (this.#closedToKey !== undefined) this.#early.delete(this.#closedToKey);
    this.#closedToKey = this.#windowed(row.key, row.start);
    this.#early.put(this.#closedToKey, closedToMark(closedTo), row.timestamp);
  }

  get nextIdleClose(): number {
    if (this.#nextIdleEnd < 0) this.#idleFrom(this.#closedTo.value);
    return this.#nextIdleEnd + this.#grace;
  }

  onIdle(wallClock: number): void {
    const closeTime = wallClock - this.#grace;
    const closedTo = this.#closedTo.value;
    for (const row of this.#store.rowsBetween(closedTo - this.#windows.size + 1, closeTime)) {
      const end = this.#windows.endOf(row.start);
      if (end >= closeTime) break;
      if (end <= closedTo || row.value === undefined || this.isClosedEarly(row.key, row.start)) continue;
      this.#early?.put(this.#windowed(row.key, row.start), closedMark, row.timestamp);
      this.#emit(row);
    }
    this.#idleFrom(closeTime - 1);
  }

  #idleFrom(time: number): void {
    const next = this.#firstEndingAfter(time);
    this.#nextIdleEnd = next === undefined ? Number.POSITIVE_INFINITY : this.#windows.endOf(next);
  }

  #windowed(key: K, start: number): Windowed<K> {
    return { key, start, end: this.#windows.endOf(start), final: false };
  }
}
