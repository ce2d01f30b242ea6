import type { Clock } from "../../clock.ts";
import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import type { Log } from "../app/logger.ts";
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
}
