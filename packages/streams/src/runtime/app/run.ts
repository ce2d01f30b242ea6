import { MillraceError, messageOf } from "../../errors.ts";
import type { Topology } from "../../topology.ts";
import type { HostTasks } from "../group/host-tasks.ts";
import { GroupMember } from "../group/membership.ts";
import { runnableSubTopologies } from "../group/runnable.ts";
import { Member } from "../member/member.ts";
import { LivePlan } from "../topics/live-plan.ts";
import { outdatedTasks } from "../topics/outdated-tasks.ts";
import type { TopicPlan } from "../topics/plan.ts";
import { TopicWatch } from "../topics/topic-watch.ts";
import type { AppSettings } from "../settings/app-options.ts";
import type { GlobalStores } from "../task/global-stores.ts";
import type { AppMetrics } from "../metrics/app-metrics.ts";
import { LossSummary } from "./loss-summary.ts";
import { processId } from "./process-id.ts";

/** How long the other members may take to hear that all are to stop, ms. */
const stopAllMs = 10_000;

const stoppedByOther = (applicationId: string, reason: string): MillraceError =>
  new MillraceError(`a member of "${applicationId}" has failed and asked all to stop: ${reason}`, {
    code: "APPLICATION_STOPPED",
  });

/** What a run tells its application. */
export interface RunEvents {
  /** `running`: it is a member, and all of its tasks process. */
  changed(state: "rebalancing" | "running"): void;
  /** Told once, when it is a member for the first time. */
  joined(): void;
  failed(error: unknown): void;
  /** The topics are as this says now. */
  replanned(plan: TopicPlan): void;
}

/** A topology at work: membership in the group, and the tasks that it brings. */
export class Run {
  readonly member: Member;
  /** Topics and tasks as they are now. */
  readonly plan: TopicPlan;
  readonly #group: GroupMember;
  readonly #watch: TopicWatch;
  readonly #losses: LossSummary;
  readonly #events: RunEvents;
  readonly #options: { readonly topology: Topology; readonly settings: AppSettings };
  #stable = false;
  /** Resolves when what is known of the topics is what tasks are made by. */
  #replanned: Promise<void> = Promise.resolve();
  /** What all members are asked to stop for. */
  #failure: unknown;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(
    topology: Topology,
    settings: AppSettings,
    plan: TopicPlan,
    metrics: AppMetrics,
    globals: GlobalStores,
    events: RunEvents,
  ) {
    const { applicationId, transport, clock, log, instanceId } = settings;
    const coordinator = transport.groupCoordinator(applicationId);
    const live = new LivePlan(plan);
    this.plan = live;
    this.#events = events;
    this.#options = { topology, settings };
    this.#losses = new LossSummary(metrics, log, clock);
    this.#watch = new TopicWatch(topology, settings, plan, {
      changed: (changed) => {
        this.#replanned = this.#replan(this.#replanned, live, changed);
      },
      failed: (error) => events.failed(error),
    });
    this.#group = new GroupMember(
      {
        groupId: applicationId,
        coordinator,
        instanceId,
        sessionTimeoutMs: settings.sessionTimeoutMs,
        heartbeatIntervalMs: settings.heartbeatIntervalMs,
        rebalanceTimeoutMs: settings.rebalanceTimeoutMs,
        clock,
        log,
        runnable: () => runnableSubTopologies(topology, applicationId, live),
        states: () => this.member.view.knownStates(),
        policy: settings,
        probingRebalanceIntervalMs: settings.probingRebalanceIntervalMs,
        endpoint: settings.applicationServer,
        tags: settings.clientTags,
      },
      {
        beforeJoin: () => this.member.beforeJoin(),
        placed: (standbys, tasks) => this.member.placed(standbys, tasks),
        assigned: (tasks) => this.member.assigned(tasks),
        revoked: (tasks) => this.member.revoked(tasks),
        lost: () => this.member.lost(),
        stopped: (reason) => events.failed(this.#failure ?? stoppedByOther(applicationId, reason)),
        changed: (state) => {
          if (state === "joining") metrics.rebalances++;
          this.member.changed(state);
          this.#settled(state === "stable");
        },
      },
    );
    this.member = new Member({
      topology,
      settings,
      plan: live,
      coordinator,
      membership: this.#group,
      metrics,
      globals,
      processId: processId(clock),
      stepBack: (until) => this.#group.stepBack(until),
      stopAll: (error) => {
        this.#failure = error;
        this.#group.stopAll(messageOf(error));
        // Where the group can't be told, this member stops all the same.
        clock.setTimeout(() => events.failed(error), stopAllMs);
      },
      moved: () => this.#tell(),
      doubt: () => void this.#watch.look(),
      failed: (error) => events.failed(error),
    });
  }

  /** Whose stores can be asked where. */
  get hosts(): readonly HostTasks[] {
    return this.#group.hosts;
  }

  begin(): void {
    const failed = (error: unknown): void => this.#events.failed(error);
    this.#watch.start();
    this.#losses.start();
    this.#ended = Promise.allSettled([this.member.run().catch(failed), this.#group.run().catch(failed)]);
  }

  /** Commits, leaves, and resolves when all is closed; after `timeoutMs` without a commit. */
  async end(timeoutMs: number | undefined, forGood: boolean): Promise<void> {
    this.#watch.close();
    await this.member.stop(timeoutMs);
    await this.#group.leave({
      forGood,
      ...(timeoutMs !== undefined && { timeoutMs: Math.max(100, timeoutMs) }),
    });
    await this.#ended;
    this.#losses.close();
  }

  /** Goes over to another plan, after the one before. Never rejects. */
  async #replan(before: Promise<void>, live: LivePlan, changed: TopicPlan): Promise<void> {
    await before;
    const { topology, settings } = this.#options;
    const come = [...changed.partitions.keys()].filter((topic) => !live.partitions.has(topic));
    if (come.length > 0) settings.log("info", `topics ${come.join(", ")} are there now`, { topics: come });
    // Before there are tasks that write to them.
    await this.member.topicsCame(come.filter((topic) => !changed.matched.includes(topic)));
    const outdated = outdatedTasks(topology, settings.applicationId, live, changed);
    live.replace(changed);
    this.#events.replanned(changed);
    this.#group.rejoin(outdated);
  }

  #settled(stable: boolean): void {
    const first = stable && !this.#stable;
    this.#stable = stable;
    // The tasks that came with it are on their way to the member, which tells when it has them.
    if (!stable) this.#tell();
    if (first) this.#events.joined();
  }

  #tell(): void {
    this.#events.changed(this.#stable && this.member.view.allRun ? "running" : "rebalancing");
  }
}
