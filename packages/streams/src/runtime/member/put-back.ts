import type { CommittedOffset } from "../../transport/group-coordinator.ts";
import { topicPartitionName } from "../../transport/topic-partition.ts";
import type { Task } from "../task/task.ts";
import { outcomeOf } from "./took-effect.ts";

/** Which tasks are back at their last commit, and of which that can't be told: these begin anew. */
export interface PutBack {
  readonly resumed: readonly Task[];
  readonly anew: readonly Task[];
}

/**
 * Puts tasks back to their last durable commit after their transaction was lost. Whether the last one took effect is seen
 * in `committed`, the group's offsets, asked for after a new producer had ended what its predecessor left open.
 * `together`: all tasks of that transaction, also those that are another's by now. Resolves when all of them are back: until
 * then they are in the phase `resuming`, and process nothing.
 */
export const putBack = async (
  tasks: readonly Task[],
  together: readonly Task[],
  committed: readonly CommittedOffset[],
): Promise<PutBack> => {
  const outcome = outcomeOf(together, committed);
  const offsets = new Map(
    committed.map(({ topic, partition, offset }) => [topicPartitionName(topic, partition), offset]),
  );
  const resumed: Task[] = [];
  const anew: Task[] = [];
  // All of them begin now: what is asked about them is of this moment.
  const back = tasks.map(async (task) => {
    if (outcome === "unknown" && task.sealed !== undefined) return false;
    await task.revert(outcome === "tookEffect");
    // Where not, somebody else has committed meanwhile: what this member has of the task is not the last.
    return isAt(task, offsets);
  });
  for (const [at, isBack] of (await Promise.all(back)).entries())
    (isBack ? resumed : anew).push(tasks[at] as Task);
  return { resumed, anew };
};

const isAt = (task: Task, offsets: ReadonlyMap<string, number>): boolean =>
  task.queues.every(({ topic, partition }, at) => {
    const offset = offsets.get(topicPartitionName(topic, partition)) ?? -1;
    return offset < 0 || offset === task.lastCommit.positions[at]?.offset;
  });
