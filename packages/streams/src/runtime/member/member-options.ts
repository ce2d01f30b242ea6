import type { Topology } from "../../topology.ts";
import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import type { AppSettings } from "../settings/app-options.ts";
import type { AppMetrics } from "../metrics/app-metrics.ts";
import type { GlobalStores } from "../task/global-stores.ts";
import type { CurrentMembership } from "../group/current-membership.ts";
import type { TopicPlan } from "../topics/plan.ts";

/** What a member works with, and whom it tells. */
export interface MemberOptions {
  readonly topology: Topology;
  readonly settings: AppSettings;
  readonly plan: TopicPlan;
  readonly coordinator: GroupCoordinator;
  readonly membership: CurrentMembership;
  readonly metrics: AppMetrics;
  readonly globals: GlobalStores;
  readonly processId: string;
  /** Gives membership up, so that others go on, and takes it up again when `until` resolves. */
  readonly stepBack: (until: Promise<void>) => void;
  /** What is known of the topics may be out of date. */
  readonly doubt: () => void;
  /** Which tasks run may have changed. */
  readonly moved: () => void;
  /** Asks all members of the application to stop, and then stops this one. */
  readonly stopAll: (error: unknown) => void;
  /** Something that starting over does not mend. */
  readonly failed: (error: unknown) => void;
}
