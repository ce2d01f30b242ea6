import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import type { Task } from "../task/task.ts";
import type { HeldTasks } from "./held-tasks.ts";
import type { MemberPost } from "./member-post.ts";
import { putBack } from "./put-back.ts";
import type { Troubles } from "./troubles.ts";

/** Asks which commit of these tasks took effect, and puts those that are still resuming back to it. */
export const resume = async (
  epoch: number,
  ids: readonly string[],
  coordinator: GroupCoordinator,
  held: HeldTasks,
  troubles: Troubles,
  { state, letter, dispatch }: MemberPost,
): Promise<void> => {
  const together = held.tasks(ids);
  const failed = (error: unknown): void =>
    troubles.troubled(error, "the last commit could not be looked up", { type: "void", epoch });
  const sources = together.flatMap(({ queues }) =>
    queues.map(({ topic, partition }) => ({ topic, partition })),
  );
  try {
    const committed = await coordinator.fetchOffsets(sources);
    letter(() => {
      if (state().epoch !== epoch) return;
      const tasks = together.filter(
        (task) => held.task(task.taskId) === task && state().tasks.get(task.taskId)?.phase === "resuming",
      );
      void putBack(tasks, together, committed).then(
        ({ resumed, anew }) =>
          letter(() => dispatch({ type: "resumed", epoch, tasks: namesOf(resumed), anew: namesOf(anew) })),
        (error: unknown) => letter(() => failed(error)),
      );
    });
  } catch (error) {
    failed(error);
  }
};

const namesOf = (tasks: readonly Task[]): readonly string[] => tasks.map(({ taskId }) => taskId);
