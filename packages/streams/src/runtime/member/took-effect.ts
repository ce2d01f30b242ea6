import type { CommittedOffset } from "../../transport/group-coordinator.ts";
import { topicPartitionName } from "../../transport/topic-partition.ts";
import type { Task } from "../task/task.ts";

/** What became of the transaction that was on the wire when a member lost sight of it. */
export type Outcome = "tookEffect" | "void" | "unknown";

/**
 * Whether the last commit of these tasks took effect, by the offsets that the group has now. One transaction holds all of
 * them, so one offset that moved tells of all. Unknown where none has moved, or where somebody else has committed.
 */
export const outcomeOf = (tasks: readonly Task[], committed: readonly CommittedOffset[]): Outcome => {
  const offsets = new Map(
    committed.map(({ topic, partition, offset }) => [topicPartitionName(topic, partition), offset]),
  );
  const votes = new Set<Outcome>();
  let sealed = false;
  for (const task of tasks) {
    sealed ||= task.sealed !== undefined;
    for (const [at, { topic, partition }] of task.queues.entries()) {
      const now = offsets.get(topicPartitionName(topic, partition)) ?? -1;
      const before = task.lastCommit.positions[at]?.offset;
      const after = task.sealed?.positions[at]?.offset;
      // Nothing was ever committed there, or the commit that is asked about moved nothing.
      if (after === undefined || after === before) continue;
      votes.add(now === after ? "tookEffect" : now === before || now < 0 ? "void" : "unknown");
    }
  }
  if (!sealed) return "void";
  const [vote, ...others] = votes;
  return vote === undefined || others.length > 0 ? "unknown" : vote;
};
