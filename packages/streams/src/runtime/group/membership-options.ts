import type { Clock } from "../../clock.ts";
import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import type { Log } from "../../log.ts";
import type { AssignmentPolicy } from "./assignment-policy.ts";
import type { HeldState } from "./local-tasks.ts";
import type { RunnableSubTopology } from "./runnable.ts";

export interface MembershipOptions {
  readonly groupId: string;
  readonly coordinator: GroupCoordinator;
  readonly instanceId: string | undefined;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** What this process can run, asked at each join. */
  readonly runnable: () => readonly RunnableSubTopology[];
  /** What this process has of the states of tasks, asked before each join; by task id. Never rejects. */
  readonly states: () => Promise<ReadonlyMap<string, HeldState>>;
  /** Of the group's tasks and standbys, while this member leads it. */
  readonly policy: AssignmentPolicy;
  /** While something warms up, the group joins again after so long, ms. */
  readonly probingRebalanceIntervalMs: number;
  /** Where this member's stores can be asked, "host:port"; told to all members. */
  readonly endpoint: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}
