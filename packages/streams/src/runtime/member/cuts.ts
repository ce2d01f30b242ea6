import type { Task } from "../task/task.ts";
import type { LoopEnvironment } from "./loop-environment.ts";

/** Sees to the cuts of tasks that may read ahead: from when a commit begins until it is sealed, or given up. */
export class Cuts {
  readonly #environment: Pick<LoopEnvironment, "state" | "tasks">;

  constructor(environment: Pick<LoopEnvironment, "state" | "tasks">) {
    this.#environment = environment;
  }

  /** In each turn, before anything is processed. */
  look(): void {
    const { state, tasks } = this.#environment;
    const { commit, tasks: owned } = state();
    const settling = commit.phase === "settling" ? commit.id : undefined;
    for (const [id, { task }] of tasks()) {
      if (task.cutFor === undefined) continue;
      // Its commit is the last that this member makes of it.
      if (owned.get(id)?.phase === "draining") task.abandonAhead();
      else if (task.cutFor !== settling) task.release();
    }
  }

  /** The commit that begins holds what these tasks have done up to now. */
  make(tasks: Iterable<Task>, commit: number): void {
    for (const task of tasks) if (task.cutFor === undefined) task.cut(commit);
  }
}
