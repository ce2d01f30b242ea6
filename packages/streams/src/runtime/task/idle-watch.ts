import type { Task } from "./task.ts";

/** Since when a task has had no input, and what that closes (windows with `closeOnIdle`). */
export class IdleWatch {
  readonly #task: Task;
  /** In time awake, ms: that of this process really running. */
  #since: number | undefined;

  constructor(task: Task) {
    this.#task = task;
  }

  /** There was input, or there may be some that was not read yet. */
  busy(): void {
    this.#since = undefined;
  }

  /**
   * Whether operators are to be told, should its partitions turn out to have been read to their ends. `awake` is the
   * time, ms, that this process has really been running. What is still under way is input, too.
   */
  isDue(awake: number): boolean {
    const { context } = this.#task;
    if (context.halted || !context.hooks.some(({ closeOnIdle }) => closeOnIdle !== undefined)) return false;
    // Looking for input would read beyond the cut.
    if (this.#task.cutFor !== undefined) return false;
    if (context.work.inFlight > 0 || this.#hasInput()) this.#since = undefined;
    else this.#since ??= awake;
    const idle = this.#since === undefined ? -1 : awake - this.#since;
    const now = context.now();
    return context.hooks.some(
      ({ closeOnIdle, nextIdleClose }) =>
        closeOnIdle !== undefined && idle >= closeOnIdle && (nextIdleClose ?? 0) < now,
    );
  }

  /** Whether a record is there, or a partition can't be read now. */
  #hasInput(): boolean {
    const { context, queues } = this.#task;
    try {
      return queues.some((queue) => queue.load() || queue.lost);
    } catch (error) {
      // A batch that can't be read, or what a handler let through.
      context.stop(error, "reading");
      return true;
    }
  }

  /** Tells the operators that `isDue` announced. */
  close(): void {
    const { context } = this.#task;
    const now = context.now();
    context.timestamp = context.streamTime;
    for (const hooks of context.hooks)
      if (hooks.closeOnIdle !== undefined)
        try {
          hooks.onIdle?.(now);
        } catch (error) {
          context.stop(error, "closing for want of input");
        }
  }
}
