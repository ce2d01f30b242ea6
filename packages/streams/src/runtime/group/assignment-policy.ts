/** How tasks and standbys are to be placed; the leader's settings hold for all. */
export interface AssignmentPolicy {
  /** (`num.standby.replicas`). */
  readonly standbyReplicas: number;
  /** A member that lacks so many records of a task's state counts as caught up (`acceptable.recovery.lag`). */
  readonly acceptableRecoveryLag: number;
  /** How many states are built at a time, in the whole group, for tasks that are to move (`max.warmup.replicas`). */
  readonly maxWarmupReplicas: number;
  /** Tags by which standbys are kept apart (`rack.aware.assignment.tags`). */
  readonly rackAwareAssignmentTags: readonly string[];
}
