import type { CommitResult } from "../../transport/commit-result.ts";
import type { GroupMembership, OffsetToCommit } from "../../transport/group-coordinator.ts";
import type { RecordProducer } from "../../transport/record-producer.ts";
import type { Task } from "../task/task.ts";

/** A commit on its way. */
interface BegunCommit {
  readonly offsets: readonly OffsetToCommit[];
  /** Steps 3 to 5, on the wire. */
  readonly done: Promise<CommitResult>;
}

/**
 * Commits what the given tasks have done since their last commit. A crash between any two steps leaves before 5
 * nothing visible, after 5 everything.
 *
 * `idle` resolves when asynchronous work may have got on. Answers while steps 3 to 5 are on the wire: the tasks go on
 * computing into the next transaction meanwhile. Undefined where the tasks were taken away before there was anything to
 * send: what they did is void.
 */
export const commit = async (
  tasks: readonly Task[],
  producer: RecordProducer,
  membership: () => GroupMembership,
  idle: () => Promise<void>,
): Promise<BegunCommit | undefined> => {
  // 1. Take no new records (the caller's loop stands here); wait for the asynchronous ones up to this position.
  await settleAsync(tasks, idle);
  // 2. Flush: forward each dirty key once, downstream and to its changelog. That may start asynchronous work, whose
  //    results may make other stores dirty: until nothing is dirty or in flight.
  while (tasks.some((task) => isWorking(task) && !task.settled)) {
    for (const task of tasks) if (isWorking(task)) task.flush();
    await settleAsync(tasks, idle);
  }
  // The group has gone on without this member: somebody else has these tasks, and this producer is closed.
  if (tasks.some(({ closed }) => closed)) return undefined;
  const failed = tasks.find(({ failure }) => failure !== undefined);
  if (failed?.failure !== undefined) throw failed.failure;
  // 3, 4, 5. Produce, add the offsets, end the transaction. Sealed here, in one turn with the positions.
  const offsets = tasks.flatMap((task) => task.offsets());
  const done = producer.commit(membership(), offsets);
  for (const task of tasks) task.markCommitted();
  // 6. Persistent stores would take their state and its changelog position here, once 5 is done; memory has none.
  // 7. Resume.
  return { offsets, done };
};

const settleAsync = async (tasks: readonly Task[], idle: () => Promise<void>): Promise<void> => {
  while (tasks.some((task) => isWorking(task) && task.pendingAsync > 0)) await idle();
};

const isWorking = ({ closed, failure }: Task): boolean => !closed && failure === undefined;
