/** What a member is told of its tasks, `<sub-topology id>_<partition>`. */
export interface MembershipListener {
  /** A join is about to change the generation: resolves when no commit is on the wire. */
  beforeJoin(): Promise<void>;
  /**
   * Told first of each assignment: all standbys that this member is to keep, and all tasks that it is to have. What is
   * taken away and what is given follows.
   */
  placed(standbys: readonly string[], tasks: readonly string[]): void;
  /** These tasks are this member's now. */
  assigned(tasks: readonly string[]): void;
  /** These tasks go to somebody else: what they did is durable or void, and they are closed, when this resolves. */
  revoked(tasks: readonly string[]): Promise<void>;
  /** The group goes on without this member: all tasks are dropped, without a commit, when this resolves. */
  lost(): Promise<void>;
  /** A member asks all of the application to stop, and says why (KIP-671). */
  stopped(reason: string): void;
  /** A rebalance begins, or has ended. */
  changed(state: "joining" | "stable"): void;
}
