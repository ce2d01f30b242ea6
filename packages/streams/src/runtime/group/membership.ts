import { MillraceError, messageOf } from "../../errors.ts";
import type { GroupMembership } from "../../transport/group-coordinator.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { IdleSubTopology } from "./choose-sub-topologies.ts";
import { Contact } from "./contact.ts";
import { Heartbeats } from "./heartbeats.ts";
import type { HostTasks } from "./host-tasks.ts";
import { JoinRetry } from "./join-retry.ts";
import { JoinRound } from "./join-round.ts";
import { leaveAfterAll, leaveMs, sendLeave } from "./leaving.ts";
import { membershipError } from "./membership-error.ts";
import type { MembershipListener } from "./membership-listener.ts";
import type { MembershipOptions } from "./membership-options.ts";
import { owed } from "./owed.ts";
import type { ReadAssignment } from "./read-assignment.ts";
import { Standing } from "./standing.ts";
import { Disturbed, Waiting } from "./waiting.ts";

/** An assignment that could not be read. */
const nothing: ReadAssignment = {
  tasks: [],
  standbys: [],
  next: [],
  probing: false,
  hosts: [],
  outdated: false,
};

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
  readonly #standing: Standing;
  readonly #joinRound: JoinRound;
  #joining = false;
  #stopReason: string | undefined;
  /** Tasks that are to be begun anew with the next assignment. */
  readonly #outdated = new Set<string>();
  /** It has had an assignment in this life. */
  #hasBeenMember = false;
  #leaving: Promise<void> | undefined;
  /** When the group is to join again, for something may have caught up. */
  #probe: unknown;

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
    this.#standing = new Standing(options.groupId, options.instanceId);
    this.#joinRound = new JoinRound({
      options,
      standing: this.#standing,
      waiting: this.#waiting,
      contact: this.#contact,
      heartbeats: this.#heartbeats,
      tooLate: (answer) => {
        if (this.#leaving !== undefined) leaveAfterAll(options, answer);
      },
    });
  }

  /** A join or sync is on the wire, so that the generation may be about to change. */
  get joining(): boolean {
    return this.#joining;
  }

  /** The session may have ended: nobody has answered for so long. */
  get unheard(): boolean {
    return this.isMember && this.#heartbeats.silentMs >= this.#options.sessionTimeoutMs;
  }

  /** It has a generation that, as far as it knows, is the group's. */
  get isMember(): boolean {
    return this.#standing.generation >= 0;
  }

  /** The sub-topologies that members have and nobody runs; known to the leader. */
  get idle(): readonly IdleSubTopology[] {
    return this.#standing.idle;
  }

  /** Whose stores can be asked where, as the last assignment says. */
  get hosts(): readonly HostTasks[] {
    return this.#standing.hosts;
  }

  /** For commits. Throws a TransportError UNKNOWN_MEMBER_ID (void): brokers do not check commits of generation -1. */
  current(): GroupMembership {
    if (this.isMember) return this.#standing.membership;
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
      this.#options.clock.clearTimeout(this.#probe);
    }
  }

  /**
   * The tasks that there are, or what is known of them, have changed: joins again. Those of the tasks that it has then, and
   * that are `outdated`, read other partitions now: they are taken back, and given anew.
   */
  rejoin(outdated: readonly string[] = []): void {
    for (const task of outdated) this.#outdated.add(task);
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
    this.#standing.forget("");
  }

  /** One join and sync. */
  async #round(): Promise<Next> {
    await this.#owed(this.#listener.beforeJoin(), "the commit that is on the wire before a join");
    if (this.#leaving !== undefined) return "again";
    let assigned: ReadAssignment | undefined;
    this.#options.clock.clearTimeout(this.#probe);
    try {
      this.#joining = true;
      this.#listener.changed("joining");
      assigned = await this.#joinRound.run(this.#stopReason);
    } catch (error) {
      return await this.#failed(error);
    } finally {
      this.#joining = false;
      this.#contact.joined();
    }
    this.#retry.succeeded();
    return this.#take(assigned);
  }

  /** Tells of a wish that all stop; no tasks where the assignment can't be read. */
  #heed(assigned: ReadAssignment | undefined): ReadAssignment {
    if (assigned === undefined) return nothing;
    const { stop } = assigned;
    // Who has just begun was not meant: a static member's next life gets its last one's assignment.
    if (stop !== undefined && this.#hasBeenMember) this.#listener.stopped(stop);
    this.#hasBeenMember = true;
    return assigned;
  }

  async #take(assigned: ReadAssignment | undefined): Promise<Next> {
    const { generation, owned } = this.#standing;
    const { tasks, standbys, next, hosts, probing, outdated } = this.#heed(assigned);
    const given = owned.filter((task) => tasks.includes(task) && !this.#outdated.has(task));
    const revoked = owned.filter((task) => !given.includes(task));
    const added = tasks.filter((task) => !given.includes(task));
    const gone = owned.filter((task) => !tasks.includes(task));
    this.#outdated.clear();
    Object.assign(this.#standing, { owned: tasks, standbys, next, hosts });
    this.#options.log(
      "info",
      `generation ${generation}: tasks ${tasks.join(", ") || "none"}` +
        (standbys.length > 0 ? `, standbys ${standbys.join(", ")}` : ""),
      { generation, added, revoked, standbys },
    );
    this.#listener.placed(standbys, tasks);
    if (revoked.length > 0) {
      const { rebalanceTimeoutMs } = this.#options;
      const what = `tasks ${revoked.join(", ")} to be given up`;
      const done = this.#listener.revoked(revoked);
      if (!(await this.#owed(done, what))) {
        await this.#lose(this.#standing.memberId, `waited ${rebalanceTimeoutMs} ms for ${what}`, revoked);
        // The group goes on meanwhile. This member may get the same tasks again, and not while it gives them up.
        await this.#owed(done, what);
        return "again";
      }
    }
    if (this.#leaving !== undefined) return "again";
    if (added.length > 0) this.#listener.assigned(added);
    // What was given up can be given to others only in a next round, and this member is who knows. So is a
    // static member that is back: it has its last life's assignment, made without a rebalance for what that one was.
    if (gone.length > 0 || outdated) return "again";
    if (probing) this.#probeLater();
    this.#listener.changed("stable");
    return "stay";
  }

  #probeLater(): void {
    const { clock, log, probingRebalanceIntervalMs } = this.#options;
    this.#probe = clock.setTimeout(() => {
      log("info", "asks the group to join again: tasks that have warmed up meanwhile can move");
      this.rejoin();
    }, probingRebalanceIntervalMs);
  }

  /** What a join or sync that failed means. */
  async #failed(error: unknown): Promise<Next> {
    if (error instanceof Disturbed) return "again";
    const { waitMs, lost } = this.#retry.failed(error);
    if (lost !== undefined) await this.#lose(lost === "id" ? "" : this.#standing.memberId, messageOf(error));
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
        await this.#lose(this.#standing.memberId, `the session has ended unseen: ${messageOf(by.error)}`);
        return;
      case "refused": {
        const { groupId, instanceId } = this.#options;
        const { kafkaError } = by.error;
        if (kafkaError === "FENCED_INSTANCE_ID")
          throw membershipError(groupId, instanceId, kafkaError, by.error);
        await this.#lose(
          kafkaError === "UNKNOWN_MEMBER_ID" ? "" : this.#standing.memberId,
          messageOf(by.error),
        );
        return;
      }
      case "stepBack":
        this.#heartbeats.stop();
        await this.#sendLeave(leaveMs);
        this.#standing.forget("");
        await this.#waiting.unlessLeaving(by.until);
    }
  }

  /** Drops all tasks, and those that are being given up. They may be others' already, or will be. */
  async #lose(keptId: string, reason: string, besides: readonly string[] = []): Promise<void> {
    const { groupId, log, rebalanceTimeoutMs } = this.#options;
    this.#heartbeats.stop();
    const tasks = [...this.#standing.owned, ...besides];
    this.#standing.forget(keptId);
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

  /** Asks the listener for something, and waits for it. */
  #owed(promised: Promise<void>, what: string): Promise<boolean> {
    return owed(this.#options, this.#waiting, promised, what);
  }

  #sendLeave(timeoutMs: number): Promise<void> {
    return sendLeave(this.#options, this.#standing, timeoutMs);
  }
}
