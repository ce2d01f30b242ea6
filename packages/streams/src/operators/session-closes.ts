import type { CommittedNumber, TaskContext } from "../runtime/task/task-context.ts";
import type { SessionRow, SessionStore } from "../state/session-store.ts";

/**
 * Which sessions of one store are closed, and the one final result of each: in ascending order of their ends, then of their
 * starts, then of the keys' bytes. How far it came is committed with the offsets.
 */
export class SessionCloses<K, A> {
  readonly #task: TaskContext;
  readonly #store: SessionStore<K, A>;
  readonly #emit: (row: SessionRow<K, A>) => void;
  /** Every session that ends before this is closed; -1 at first. */
  readonly #closedTo: CommittedNumber;
  /** No open session ends before this; -1 while unknown. */
  #nextEnd = -1;
  #nextEmitAt = 0;

  constructor(task: TaskContext, store: SessionStore<K, A>, emit: (row: SessionRow<K, A>) => void) {
    this.#task = task;
    this.#store = store;
    this.#emit = emit;
    this.#closedTo = task.committedNumber(store.name);
  }

  /** A session has got this end. */
  ends(end: number): void {
    if (end < this.#nextEnd) this.#nextEnd = end;
  }

  /** Whether the store would drop a session that is still to be closed, if it dropped ends up to `expired`. */
  wouldLose(expired: number): boolean {
    if (this.#nextEnd < 0) this.#look();
    return this.#nextEnd <= expired;
  }

  isClosed(end: number): boolean {
    return end < this.#closedTo.value;
  }

  /** Closes every session that ends before `closeTime`, unless they were looked for within the emit interval. */
  closeUpTo(closeTime: number): void {
    if (this.#task.emitIntervalMs > 0) {
      const now = this.#task.now();
      if (now < this.#nextEmitAt) return;
      this.#nextEmitAt = now + this.#task.emitIntervalMs;
    }
    this.closeAllUpTo(closeTime);
  }

  /** Closes every session that ends before `closeTime`. */
  closeAllUpTo(closeTime: number): void {
    if (closeTime <= this.#nextEnd || closeTime <= this.#closedTo.value) return;
    for (const row of this.#store.rowsEnding(this.#closedTo.value, closeTime - 1))
      if (row.value !== undefined) this.#emit(row);
    this.#closedTo.value = closeTime;
    this.#look();
  }

  /** Finds the first open session. */
  #look(): void {
    const from = Math.max(this.#closedTo.value, 0);
    this.#nextEnd = this.#store.firstEnd(from) ?? Number.POSITIVE_INFINITY;
  }
}
