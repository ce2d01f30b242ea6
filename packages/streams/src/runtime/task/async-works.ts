import type { AsyncCall, AsyncWork } from "./task-context.ts";

/** The asynchronous work of all operators of a task. */
export class AsyncWorks {
  readonly #works: AsyncWork[] = [];

  add(work: AsyncWork): void {
    this.#works.push(work);
  }

  get inFlight(): number {
    let inFlight = 0;
    for (const work of this.#works) inFlight += work.inFlight;
    return inFlight;
  }

  /** What the next commit waits for. */
  get owed(): number {
    let owed = 0;
    for (const work of this.#works) owed += work.owed;
    return owed;
  }

  /** A flush should go no further until some of it is done. */
  get owedFull(): boolean {
    for (const work of this.#works) if (work.owedFull) return true;
    return false;
  }

  /** The task should take no further record until some of it is done. */
  get full(): boolean {
    for (const work of this.#works) if (work.full) return true;
    return false;
  }

  /** The call that has been under way for longest. */
  get oldest(): AsyncCall | undefined {
    let oldest: AsyncCall | undefined;
    for (const work of this.#works) {
      const call = work.oldest;
      if (call !== undefined && (oldest === undefined || call.since < oldest.since)) oldest = call;
    }
    return oldest;
  }

  /** What was read ahead is part of the next commit. */
  release(): void {
    for (const work of this.#works) work.release();
  }

  /** What was read ahead is another's to do. */
  abandonAhead(): void {
    for (const work of this.#works) work.abandonAhead();
  }

  /** Nothing comes of what is under way. */
  cancel(): void {
    for (const work of this.#works) work.cancel();
  }
}
