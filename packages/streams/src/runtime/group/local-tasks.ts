import type { TopicPartition } from "../../transport/topic-partition.ts";
import type { AssignedPartitions } from "./assignment.ts";
import type { RunnableSubTopology } from "./runnable.ts";
import type { OfferedSubTopology } from "./subscription.ts";

/** What a member tells the group of what it can run, and of the tasks, `<id>_<partition>`, that it runs. */
export const offersOf = (
  runnable: readonly RunnableSubTopology[],
  owned: readonly string[],
): readonly OfferedSubTopology[] =>
  runnable.map(({ identity, id, sources, stores, tasks }) => ({
    identity,
    sources: sources.map(({ topic }) => topic),
    stores,
    tasks,
    owned: owned
      .filter((task) => task.startsWith(`${id}_`))
      .map((task) => Number(task.slice(`${id}_`.length)))
      .toSorted((a, b) => a - b),
  }));

export interface LocalTasks {
  readonly tasks: readonly string[];
  /** What this process does not know of: its topology is another, or it has not seen the partitions yet. */
  readonly unknown: readonly AssignedPartitions[];
}

/** An assignment in the words of this process. */
export const localTasks = (
  runnable: readonly RunnableSubTopology[],
  assigned: readonly AssignedPartitions[],
): LocalTasks => {
  const tasks: string[] = [];
  const unknown: AssignedPartitions[] = [];
  for (const { identity, partitions } of assigned) {
    const known = runnable.find((subTopology) => subTopology.identity === identity);
    const strange = partitions.filter((partition) => partition >= (known?.tasks ?? 0));
    if (strange.length > 0) unknown.push({ identity, partitions: strange });
    if (known !== undefined)
      for (const partition of partitions) if (partition < known.tasks) tasks.push(`${known.id}_${partition}`);
  }
  return { tasks, unknown };
};

/** The partitions of topics that tasks read: shown by tools such as kafka-consumer-groups. */
export const partitionsRead = (
  runnable: readonly RunnableSubTopology[],
  assigned: readonly AssignedPartitions[],
): readonly TopicPartition[] =>
  assigned.flatMap(({ identity, partitions }) =>
    (runnable.find((subTopology) => subTopology.identity === identity)?.sources ?? []).flatMap(
      ({ topic, partitions: count }) =>
        partitions.filter((partition) => partition < count).map((partition) => ({ topic, partition })),
    ),
  );
