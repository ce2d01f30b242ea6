import { MillraceError, messageOf } from "../../errors.ts";
import type { GroupCoordinator, GroupMembership, JoinResponse } from "../../transport/group-coordinator.ts";
import type { TopicPartition } from "../../transport/topic-partition.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../app/logger.ts";
import { assignTasks } from "./assign-tasks.ts";
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from "./protocol-metadata.ts";

/** Names this assignor in the group; all members must have it. */
const protocol = "millrace";
const retryAfterMs = 300;

export interface MembershipOptions {
  readonly groupId: string;
  readonly coordinator: GroupCoordinator;
  readonly instanceId: string | undefined;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Source topics, for the group's metadata. */
  readonly topics: readonly string[];
  /** All tasks of the application. */
  readonly tasks: readonly string[];
  /** The partitions that a task reads. */
  readonly partitionsOf: (task: string) => readonly TopicPartition[];
}

export interface MembershipListener {
  /** A join is about to change the generation: resolves when no commit is on the wire. */
  beforeJoin(): Promise<void>;
  /** These tasks are this member's now. */
  assigned(tasks: readonly string[]): void;
  /** These tasks go to somebody else: they are committed and closed when this resolves. */
  revoked(tasks: readonly string[]): Promise<void>;
  /** The group has gone on without this member: its tasks are dropped without a commit. */
  lost(): Promise<void>;
  /** A rebalance begins, or has ended with these tasks. */
  changed(state: "joining" | "stable"): void;
}

/**
 * Membership in a consumer group: join, sync, heartbeat, leave, over and over (the classic protocol). Rebalances are
 * cooperative: a task that stays goes on meanwhile. Heartbeats have a timer of their own and wait for nothing.
 */
export class GroupMember {
  readonly #options: MembershipOptions;
  readonly #listener: MembershipListener;
  #memberId = "";
  #generation = -1;
  #owned: readonly string[] = [];
  #joining = false;
  #stopped = false;
  #heartbeatTimer: unknown;
  #lastHeartbeat = 0;
  /** Wakes the loop: the group wants a rebalance, or membership was lost. */
  #call: ((reason: "rebalance" | "lost") => void) | undefined;
  #pending: "rebalance" | "lost" | undefined;
  #fatal: MillraceError | undefined;

  constructor(options: MembershipOptions, listener: MembershipListener) {
    this.#options = options;
    this.#listener = listener;
  }

  /** A join or sync is on the wire. */
  get joining(): boolean {
    return this.#joining;
  }

  current(): GroupMembership {
    return {
      groupId: this.#options.groupId,
      generationId: this.#generation,
      memberId: this.#memberId,
      groupInstanceId: this.#options.instanceId ?? null,
    };
  }

  /** Stays in the group until `leave`. Rejects when it can't be a member, with a message that says what to do. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      const again = await this.#rebalance();
      if (this.#stopped) return;
      if (again) continue;
      const reason = await this.#called();
      if (this.#fatal !== undefined) throw this.#fatal;
      if (reason === "lost") await this.#lose();
    }
  }

  /** Ends membership. A static member stays known to the group until its session ends: it may be back soon. */
  async leave(): Promise<void> {
    this.#stopped = true;
    this.#options.clock.clearTimeout(this.#heartbeatTimer);
    this.#wake("rebalance");
    if (this.#memberId === "" || this.#options.instanceId !== undefined) return;
    try {
      await this.#options.coordinator.leave(this.current());
    } catch (error) {
      this.#options.log("debug", `leaving the group: ${messageOf(error)}`);
    }
  }

  /** One join and sync; true when another must follow at once. */
  async #rebalance(): Promise<boolean> {
    const { coordinator, clock, log } = this.#options;
    await this.#listener.beforeJoin();
    this.#joining = true;
    this.#listener.changed("joining");
    let assigned: readonly string[];
    try {
      const joined = await coordinator.join({
        memberId: this.#memberId,
        groupInstanceId: this.#options.instanceId ?? null,
        sessionTimeoutMs: this.#options.sessionTimeoutMs,
        rebalanceTimeoutMs: this.#options.rebalanceTimeoutMs,
        protocols: [{ name: protocol, metadata: this.#subscription() }],
      });
      this.#memberId = joined.memberId;
      this.#generation = joined.generationId;
      this.#pending = undefined;
      this.#beat();
      const assignments = joined.leaderId === joined.memberId ? this.#assign(joined) : [];
      assigned = decodeAssignment(await coordinator.sync(this.current(), assignments)).tasks;
    } catch (error) {
      await this.#failedToJoin(error);
      if (!this.#stopped) await new Promise<void>((resolve) => void clock.setTimeout(resolve, retryAfterMs));
      return true;
    } finally {
      this.#joining = false;
    }
    const revoked = this.#owned.filter((task) => !assigned.includes(task));
    const added = assigned.filter((task) => !this.#owned.includes(task));
    this.#owned = assigned;
    log("info", `generation ${this.#generation}: tasks ${assigned.join(", ") || "none"}`, {
      generation: this.#generation,
      added,
      revoked,
    });
    if (revoked.length > 0) await this.#listener.revoked(revoked);
    if (added.length > 0) this.#listener.assigned(added);
    // What was given up can be given to others only in a next round, and this member is who knows.
    if (revoked.length > 0) return true;
    this.#listener.changed("stable");
    return false;
  }

  #subscription(): Buffer {
    return encodeSubscription({
      topics: this.#options.topics,
      owned: this.#owned,
      generation: this.#generation,
    });
  }

  #assign({ members }: JoinResponse): readonly { readonly memberId: string; readonly assignment: Buffer }[] {
    const assigned = assignTasks(
      this.#options.tasks,
      members.map(({ memberId, metadata }) => ({ memberId, ...decodeSubscription(metadata) })),
    );
    return [...assigned].map(([memberId, tasks]) => ({
      memberId,
      assignment: encodeAssignment({ tasks, partitions: tasks.flatMap(this.#options.partitionsOf) }),
    }));
  }

  async #failedToJoin(error: unknown): Promise<void> {
    const name = error instanceof TransportError ? error.kafkaError : "";
    const { groupId, log } = this.#options;
    log("warn", `joining group "${groupId}" failed, trying again: ${messageOf(error)}`, { error: name });
    if (name === "UNKNOWN_MEMBER_ID" || name === "ILLEGAL_GENERATION") {
      await this.#lose();
      return;
    }
    if (name === "REBALANCE_IN_PROGRESS") return;
    if (error instanceof TransportError && error.retriable) return;
    throw this.#unjoinable(error, name);
  }

  #unjoinable(error: unknown, name: string): MillraceError {
    const { groupId, instanceId } = this.#options;
    const advice =
      name === "FENCED_INSTANCE_ID"
        ? `another process is using instance id "${instanceId}": give each its own`
        : name === "INCONSISTENT_GROUP_PROTOCOL"
          ? "another kind of consumer is using this group id: choose another application id, or stop that one"
          : "see the cause";
    return new MillraceError(`can't be a member of group "${groupId}": ${messageOf(error)}; ${advice}`, {
      code: name === "" ? "GROUP" : name,
      cause: error,
    });
  }

  async #lose(): Promise<void> {
    this.#options.clock.clearTimeout(this.#heartbeatTimer);
    this.#memberId = "";
    this.#generation = -1;
    if (this.#owned.length === 0) return;
    this.#owned = [];
    await this.#listener.lost();
  }

  /** Starts, or restarts, the heartbeats of this generation. */
  #beat(): void {
    const { clock, heartbeatIntervalMs } = this.#options;
    clock.clearTimeout(this.#heartbeatTimer);
    this.#lastHeartbeat = clock.monotonic();
    const generation = this.#generation;
    const beatLater = (): void => {
      this.#heartbeatTimer = clock.setTimeout(() => void beatNow(), heartbeatIntervalMs);
    };
    const beatNow = async (): Promise<void> => {
      await this.#heartbeat(generation);
      if (!this.#stopped && generation === this.#generation) beatLater();
    };
    beatLater();
  }

  async #heartbeat(generation: number): Promise<void> {
    const { clock, coordinator, sessionTimeoutMs } = this.#options;
    try {
      await coordinator.heartbeat(this.current());
      this.#lastHeartbeat = clock.monotonic();
    } catch (error) {
      if (generation !== this.#generation || this.#stopped) return;
      const name = error instanceof TransportError ? error.kafkaError : "";
      if (name === "REBALANCE_IN_PROGRESS") {
        this.#lastHeartbeat = clock.monotonic();
        this.#wake("rebalance");
      } else if (name === "ILLEGAL_GENERATION" || name === "UNKNOWN_MEMBER_ID") this.#wake("lost");
      else if (name === "FENCED_INSTANCE_ID") {
        this.#fatal = this.#unjoinable(error, name);
        this.#wake("lost");
      } else if (clock.monotonic() - this.#lastHeartbeat > sessionTimeoutMs) this.#wake("lost");
    }
  }

  #wake(reason: "rebalance" | "lost"): void {
    if (this.#pending !== "lost") this.#pending = reason;
    this.#call?.(reason);
  }

  async #called(): Promise<"rebalance" | "lost"> {
    if (this.#pending === undefined)
      await new Promise<void>((resolve) => {
        this.#call = () => resolve();
      });
    this.#call = undefined;
    const reason = this.#pending ?? "rebalance";
    this.#pending = undefined;
    return reason;
  }
}
