import type { Clock } from "../../clock.ts";
import { MillraceError, messageOf } from "../../errors.ts";
import type { GroupCoordinator, GroupMembership, JoinResponse } from "../../transport/group-coordinator.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { Log } from "../app/logger.ts";
import { type Assignment, decodeAssignment } from "./assignment.ts";
import type { IdleSubTopology } from "./choose-sub-topologies.ts";
import { Contact } from "./contact.ts";
import { Heartbeats } from "./heartbeats.ts";
import { JoinRetry } from "./join-retry.ts";
import { leadGroup, tellIdle } from "./lead-group.ts";
import { localTasks, offersOf } from "./local-tasks.ts";
import { membershipError } from "./membership-error.ts";
import type { MembershipListener } from "./membership-listener.ts";
import { offersMark } from "./offers-mark.ts";
import type { RunnableSubTopology } from "./runnable.ts";
import { encodeSubscription } from "./subscription.ts";
import { Disturbed, Waiting } from "./waiting.ts";
import { within } from "./within.ts";

/** Names this assignor in the group; all members must have it. */
const protocol = "millrace";
/** How long leaving may take unless said otherwise, ms: the group notices in any case, when the session ends. */
const leaveMs = 3_000;

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

/** What to do after a round: stay until called, join again at once, or after a while (ms). */
type Next = "stay" | "again" | number;

/**
 * Membership in a consumer group: join, sync, heartbeat, leave, over and over (the classic protocol). Rebalances are
 * cooperative: a task that stays goes on meanwhile. Heartbeats have a timer of their own, also while a join waits.
 *
 * Losing sight of the coordinator is not losing membership: id and generation are kept and tried. What ends it is that
 * the coordinator says so. When the session must have ended unseen, the tasks are dropped, and the id is tried again.
 */
export class GroupMember {
  readonly #options: MembershipOptions;
  readonly #listener: MembershipListener;
  readonly #heartbeats: Heartbeats;
  readonly #contact: Contact;
  readonly #retry: JoinRetry;
  readonly #waiting: Waiting;
  #memberId = "";
  #generation = -1;
  #owned: readonly string[] = [];
  /**
   * The last assignment calls for another: by it this member, or its last life, has tasks that are meant for others; or it
   * was made for a last life that could run less, or more.
   */
  #outdated = false;
  #idle: readonly IdleSubTopology[] = [];
  #joining = false;
  #stopReason: string | undefined;
  /** It has had an assignment in this life. */
  #hasBeenMember = false;
  #leaving: Promise<void> | undefined;

  constructor(options: MembershipOptions, listener: MembershipListener) {
    const { clock, log, coordinator, heartbeatIntervalMs, sessionTimeoutMs } = options;
    this.#options = options;
    this.#listener = listener;
    this.#waiting = new Waiting(clock, log);
    this.#retry = new JoinRetry(options);
    this.#contact = new Contact(options, (by) => this.#waiting.disturb(by));
    this.#heartbeats = new Heartbeats(
      { coordinator, clock, intervalMs: heartbeatIntervalMs, sessionTimeoutMs },
      this.#contact,
    );
  }

  /** A join or sync is on the wire, so that the generation may be about to change. */
  get joining(): boolean {
    return this.#joining;
  }

  /** It has a generation that, as far as it knows, is the group's. */
  get isMember(): boolean {
    return this.#generation >= 0;
  }

  /** The sub-topologies that members have and nobody runs; known to the leader. */
  get idle(): readonly IdleSubTopology[] {
    return this.#idle;
  }

  /** For commits. Throws a TransportError UNKNOWN_MEMBER_ID (void): brokers do not check commits of generation -1. */
  current(): GroupMembership {
    if (this.isMember) return this.#membership();
    const { groupId } = this.#options;
    throw new TransportError(
      `this process is no member of group "${groupId}" now`,
      "UNKNOWN_MEMBER_ID",
      "void",
    );
  }

  /** Stays in the group until `leave`. Rejects when it can't be a member, with a message that says what to do. */
  async run(): Promise<void> {
    try {
      while (this.#leaving === undefined) {
        const next = await this.#round();
        if (next === "stay") await this.#waiting.called();
        else if (next !== "again") await this.#waiting.pause(next);
        await this.#handleDisturbance();
      }
    } finally {
      this.#heartbeats.stop();
    }
  }

  /** The tasks that there are, or what is known of them, have changed: joins again. */
  rejoin(): void {
    this.#waiting.disturb({ type: "rebalance" });
  }

  /** Asks all members to stop: each is told so, this one too, once they have joined again. */
  stopAll(reason: string): void {
    this.#stopReason = reason;
    this.rejoin();
  }

  /** Leaves, so that others go on, and joins anew when `until` resolves. The tasks must have been given up. */
  stepBack(until: Promise<void>): void {
    this.#waiting.disturb({ type: "stepBack", until });
  }

  /**
   * Ends membership; resolves within `timeoutMs` (3 s) whatever brokers do. A static member stays known to the group
   * until its session ends, for it may be back soon; `forGood` lets the others go on without it at once.
   */
  leave(options: { readonly forGood?: boolean; readonly timeoutMs?: number } = {}): Promise<void> {
    this.#leaving ??= this.#leave(options.forGood ?? false, options.timeoutMs ?? leaveMs);
    return this.#leaving;
  }

  async #leave(forGood: boolean, timeoutMs: number): Promise<void> {
    this.#waiting.disturb({ type: "leave" });
    this.#heartbeats.stop();
    if (forGood || this.#options.instanceId === undefined) await this.#sendLeave(timeoutMs);
    this.#forget("");
  }

  async #sendLeave(timeoutMs: number): Promise<void> {
    const { clock, coordinator, log, instanceId } = this.#options;
    // Without a name there is nothing to leave yet: a join that is answered later is left then.
    if (this.#memberId === "" && instanceId === undefined) return;
    try {
      await within(clock, coordinator.leave(this.#membership(), { timeoutMs }), timeoutMs, "leaving");
    } catch (error) {
      log("debug", `leaving the group, which goes on when the session has ended: ${messageOf(error)}`);
    }
  }

  #membership(): GroupMembership {
    return {
      groupId: this.#options.groupId,
      generationId: this.#generation,
      memberId: this.#memberId,
      groupInstanceId: this.#options.instanceId ?? null,
    };
  }

  /** One join and sync. */
  async #round(): Promise<Next> {
    await this.#owed(this.#listener.beforeJoin(), "the commit that is on the wire before a join");
    if (this.#leaving !== undefined) return "again";
    let tasks: readonly string[];
    try {
      this.#joining = true;
      this.#listener.changed("joining");
      tasks = await this.#joinAndSync();
    } catch (error) {
      return await this.#failed(error);
    } finally {
      this.#joining = false;
      this.#contact.joined();
    }
    this.#retry.succeeded();
    return this.#take(tasks);
  }

  async #joinAndSync(): Promise<readonly string[]> {
    const { coordinator, log, groupId, rebalanceTimeoutMs, sessionTimeoutMs } = this.#options;
    const runnable = this.#options.runnable();
    // The others may take their whole rebalance time-outs, and the coordinator then waits for those that are gone.
    const timeoutMs = rebalanceTimeoutMs + sessionTimeoutMs;
    this.#waiting.forget("rebalance");
    this.#contact.joins();
    const joined = await this.#waiting.answer(
      this.#join(runnable, timeoutMs),
      timeoutMs,
      `all members of group "${groupId}" to join`,
      (late) => this.#tooLate(late),
    );
    this.#memberId = joined.memberId;
    this.#generation = joined.generationId;
    // Whatever heartbeats said of the generation before.
    this.#waiting.forget("unseen", "expired", "refused");
    this.#contact.joined();
    this.#heartbeats.start(this.#membership());
    const led =
      joined.leaderId === joined.memberId && joined.members.length > 0
        ? leadGroup(joined, runnable)
        : undefined;
    if (led !== undefined) tellIdle(log, groupId, led);
    this.#idle = led?.idle ?? [];
    const answer = await this.#waiting.answer(
      coordinator.sync(this.#membership(), led?.assignments ?? [], { timeoutMs }),
      timeoutMs,
      `the leader of group "${groupId}" to assign its tasks`,
      () => undefined,
    );
    return this.#read(answer, runnable);
  }

  #join(runnable: readonly RunnableSubTopology[], timeoutMs: number): Promise<JoinResponse> {
    const { coordinator, instanceId, sessionTimeoutMs, rebalanceTimeoutMs } = this.#options;
    const subscription = {
      generation: this.#generation,
      offers: offersOf(runnable, this.#owned),
      stop: this.#stopReason,
    };
    return coordinator.join(
      {
        memberId: this.#memberId,
        groupInstanceId: instanceId ?? null,
        sessionTimeoutMs,
        rebalanceTimeoutMs,
        protocols: [{ name: protocol, metadata: encodeSubscription(subscription) }],
        onMemberId: (memberId) => {
          if (this.#memberId === "") this.#memberId = memberId;
        },
      },
      { timeoutMs },
    );
  }

  /** The tasks of an assignment, as this process names them. What it can't run is left out, with a line. */
  #read(answer: Buffer, runnable: readonly RunnableSubTopology[]): readonly string[] {
    const { groupId, log } = this.#options;
    this.#outdated = false;
    let assignment: Assignment;
    try {
      assignment = decodeAssignment(answer);
    } catch (error) {
      log(
        "warn",
        `the leader of group "${groupId}" gives tasks in a language that this member does not understand: it gets ` +
          `none until another leads; upgrade all members (${messageOf(error)})`,
      );
      return [];
    }
    const { giving, madeFor } = assignment;
    this.#outdated = giving || (madeFor !== undefined && madeFor !== offersMark(offersOf(runnable, [])));
    // Who has just begun was not meant: a static member's next life gets its last one's assignment.
    if (assignment.stop !== undefined && this.#hasBeenMember) this.#listener.stopped(assignment.stop);
    this.#hasBeenMember = true;
    const { tasks, unknown } = localTasks(runnable, assignment.tasks);
    for (const { identity, partitions } of unknown)
      log(
        "warn",
        `the leader of group "${groupId}" gives tasks that this topology does not have, which are left out: partitions ` +
          `${partitions.join(", ")} of "${identity}"`,
        { identity, partitions },
      );
    return tasks;
  }

  async #take(tasks: readonly string[]): Promise<Next> {
    const revoked = this.#owned.filter((task) => !tasks.includes(task));
    const added = tasks.filter((task) => !this.#owned.includes(task));
    this.#owned = tasks;
    this.#options.log("info", `generation ${this.#generation}: tasks ${tasks.join(", ") || "none"}`, {
      generation: this.#generation,
      added,
      revoked,
    });
    if (revoked.length > 0) {
      const { rebalanceTimeoutMs } = this.#options;
      const what = `tasks ${revoked.join(", ")} to be given up`;
      const done = this.#listener.revoked(revoked);
      if (!(await this.#owed(done, what))) {
        await this.#lose(this.#memberId, `waited ${rebalanceTimeoutMs} ms for ${what}`, revoked);
        // The group goes on meanwhile. This member may get the same tasks again, and not while it gives them up.
        await this.#owed(done, what);
        return "again";
      }
    }
    if (this.#leaving !== undefined) return "again";
    if (added.length > 0) this.#listener.assigned(added);
    // What was given up can be given to others only in a next round, and this member is who knows. So is a
    // static member that is back: it has its last life's assignment, made without a rebalance for what that one was.
    if (revoked.length > 0 || this.#outdated) return "again";
    this.#listener.changed("stable");
    return "stay";
  }

  /** A join was answered when nobody waited for it any more: a member that left must not stay behind as a ghost. */
  #tooLate({ memberId, generationId }: JoinResponse): void {
    const { coordinator, instanceId, groupId, log } = this.#options;
    if (this.#leaving === undefined || instanceId !== undefined) return;
    coordinator
      .leave({ groupId, memberId, generationId, groupInstanceId: null }, { timeoutMs: leaveMs })
      .catch((error: unknown) => log("debug", `leaving the group: ${messageOf(error)}`));
  }

  /** What a join or sync that failed means. */
  async #failed(error: unknown): Promise<Next> {
    if (error instanceof Disturbed) return "again";
    const { waitMs, lost } = this.#retry.failed(error);
    if (lost !== undefined) await this.#lose(lost === "id" ? "" : this.#memberId, messageOf(error));
    return waitMs === 0 ? "again" : waitMs;
  }

  async #handleDisturbance(): Promise<void> {
    const by = this.#waiting.take();
    switch (by?.type) {
      case undefined:
      case "leave":
      case "rebalance":
      case "unseen":
        return;
      case "expired":
        await this.#lose(this.#memberId, `the session has ended unseen: ${messageOf(by.error)}`);
        return;
      case "refused": {
        const { groupId, instanceId } = this.#options;
        const { kafkaError } = by.error;
        if (kafkaError === "FENCED_INSTANCE_ID")
          throw membershipError(groupId, instanceId, kafkaError, by.error);
        await this.#lose(kafkaError === "UNKNOWN_MEMBER_ID" ? "" : this.#memberId, messageOf(by.error));
        return;
      }
      case "stepBack":
        this.#heartbeats.stop();
        await this.#sendLeave(leaveMs);
        this.#forget("");
        await this.#waiting.unlessLeaving(by.until);
    }
  }

  /** Drops all tasks, and those that are being given up. They may be others' already, or will be. */
  async #lose(keptId: string, reason: string, besides: readonly string[] = []): Promise<void> {
    const { groupId, log, rebalanceTimeoutMs } = this.#options;
    this.#heartbeats.stop();
    const tasks = [...this.#owned, ...besides];
    this.#forget(keptId);
    if (tasks.length === 0) return;
    const named = `tasks ${tasks.join(", ")}`;
    log(
      "warn",
      `membership of group "${groupId}" is lost (${reason}): ${named} are dropped, and what they did since the last ` +
        "commit is void; joining again",
      { tasks },
    );
    if (await this.#owed(this.#listener.lost(), `${named} to be dropped`)) return;
    throw new MillraceError(
      `${named} were lost, and not dropped within ${rebalanceTimeoutMs} ms: ${reason}`,
      {
        code: "STALLED",
      },
    );
  }

  #forget(keptId: string): void {
    this.#memberId = keptId;
    this.#generation = -1;
    this.#owned = [];
    this.#idle = [];
  }

  /** Whether what the listener owes came in time; a member that leaves waits for nothing. */
  async #owed(promised: Promise<void>, what: string): Promise<boolean> {
    const { clock, log, rebalanceTimeoutMs } = this.#options;
    let timer: unknown;
    let overdue = false;
    const patience = new Promise<void>((resolve) => {
      timer = clock.setTimeout(() => {
        overdue = true;
        log("warn", `has waited ${rebalanceTimeoutMs} ms for ${what}, and waits no longer`);
        resolve();
      }, rebalanceTimeoutMs);
    });
    try {
      await this.#waiting.unlessLeaving(Promise.race([promised, patience]));
    } finally {
      clock.clearTimeout(timer);
    }
    return !overdue;
  }
}
