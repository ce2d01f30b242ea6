/** Tasks of one sub-topology. */
export interface AssignedPartitions {
  readonly identity: string;
  readonly partitions: readonly number[];
}

/** Whether these are tasks of sub-topologies. */
export const isTasks = (said: unknown): said is readonly AssignedPartitions[] =>
  Array.isArray(said) &&
  said.every(
    (task: unknown) =>
      typeof task === "object" &&
      task !== null &&
      "identity" in task &&
      typeof task.identity === "string" &&
      "partitions" in task &&
      Array.isArray(task.partitions) &&
      task.partitions.every((partition) => Number.isSafeInteger(partition)),
  );
