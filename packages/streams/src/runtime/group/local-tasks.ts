import type { TopicPartition } from "../../transport/topic-partition.ts";
import type { AssignedPartitions } from "./assigned-partitions.ts";
import type { RunnableSubTopology } from "./runnable.ts";
import type { OfferedSubTopology, StateLag } from "./subscription.ts";

/** How much of a task's state there is here, in records of its changelogs: those that it lacks, and all of them. */
export interface HeldState {
  readonly lag: number;
  readonly whole: number;
}

/** What this process has of tasks, `<id>_<partition>`. */
export interface Holdings {
  /** Those that it runs. */
  readonly owned: readonly string[];
  readonly standbys: readonly string[];
  /** Those of the standbys that are to become tasks. */
  readonly next: readonly string[];
  readonly states: ReadonlyMap<string, HeldState>;
}

/** What a member tells the group of what it can run, and of what it has. */
export const offersOf = (
  runnable: readonly RunnableSubTopology[],
  { owned, standbys, next, states }: Holdings,
): readonly OfferedSubTopology[] =>
  runnable.map(({ identity, id, sources, stores, restores, tasks }) => ({
    identity,
    sources: sources.map(({ topic }) => topic),
    stores,
    tasks,
    owned: partitionsOf(id, owned),
    ...(restores && {
      standbys: partitionsOf(id, standbys),
      next: partitionsOf(id, next),
      lags: partitionsOf(id, [...states.keys()]).map((partition): StateLag => {
        const { lag, whole } = states.get(`${id}_${partition}`) ?? { lag: 0, whole: 0 };
        return [partition, lag, whole];
      }),
    }),
  }));

const partitionsOf = (id: number, tasks: readonly string[]): readonly number[] =>
  tasks
    .filter((task) => task.startsWith(`${id}_`))
    .map((task) => Number(task.slice(`${id}_`.length)))
    .toSorted((a, b) => a - b);

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
