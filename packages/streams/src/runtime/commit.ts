import type { GroupMembership, OffsetToCommit } from "../transport/group-coordinator.ts";
import type { RecordProducer } from "../transport/record-producer.ts";
import type { Task } from "./task/task.ts";

/**
 * Commits what the given tasks have done since their last commit. A crash between any two steps leaves before 5
 * nothing visible, after 5 everything.
 *
 * `idle` resolves when asynchronous work may have got on. Answers the offsets, and the promise of steps 3 to 5, which are on the wire
 * when this resolves: the tasks go on computing into the next transaction meanwhile.
 */
export const commit = async (
  tasks: readonly Task[],
  producer: RecordProducer,
  membership: () => GroupMembership,
  idle: () => Promise<void>,
): Promise<{ readonly offsets: readonly OffsetToCommit[]; readonly done: Promise<void> }> => {
  // 1. Take no new records (the caller's loop stands here); wait for the asynchronous ones up to this position.
  await settleAsync(tasks, idle);
  // 2. Flush: forward each dirty key once, downstream and to its changelog. That may start asynchronous work, whose
  //    results may make other stores dirty: until nothing is dirty or in flight.
  while (tasks.some((task) => task.failure === undefined && !task.settled)) {
    for (const task of tasks) if (task.failure === undefined) task.flush();
    await settleAsync(tasks, idle);
  }
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
  while (tasks.some((task) => task.failure === undefined && task.pendingAsync > 0)) await idle();
};
