import { topicPartitionName } from "../../transport/topic-partition.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { AppSettings } from "../app/app-options.ts";
import type { Task } from "../task/task.ts";

/**
 * Closes the windows of tasks whose input is idle. Asks the broker first: what was fetched last may be old, after a
 * pause of any kind. `awake` is the time, ms, that this process has really been running.
 */
export const closeIdleTasks = async (
  tasks: readonly Task[],
  awake: number,
  { transport, guarantee, log }: AppSettings,
): Promise<void> => {
  for (const task of tasks.filter((candidate) => candidate.idleCloseDue(awake)))
    try {
      const partitions = task.queues.map(({ reading: { topic, partition } }) => ({ topic, partition }));
      const ends = new Map(
        (await transport.listOffsets(partitions, "latest", guarantee === "exactly_once")).map(
          ({ partition: { topic, partition }, offset }) => [topicPartitionName(topic, partition), offset],
        ),
      );
      const readToItsEnd = task.queues.every(({ reading: { topic, partition }, position }) => {
        const end = ends.get(topicPartitionName(topic, partition));
        return end !== undefined && position >= end;
      });
      if (readToItsEnd && task.idleCloseDue(awake)) task.closeIdle();
      else task.notIdle();
    } catch (error) {
      if (!(error instanceof TransportError) || !error.retriable) throw error;
      // Not known to be idle then. It is asked again when the time has passed once more.
      task.notIdle();
      log("debug", `whether task ${task.taskId} is idle could not be asked: ${error.message}`, {
        task: task.taskId,
      });
    }
};
