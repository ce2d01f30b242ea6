import type { Clock } from "../../../clock.ts";
import type {
  GroupMembership,
  JoinRequest,
  JoinResponse,
  OffsetToCommit,
} from "../../../transport/group-coordinator.ts";
import {
  type GroupMemberState,
  type HeldAnswer,
  type PersistedMember,
  sameProtocols,
} from "./group-member.ts";
import { GroupOffsets } from "./group-offsets.ts";
import { refusal } from "./refusal.ts";
import type { SimulatedTransaction } from "./simulated-transaction.ts";

/** Asks a new member to join again, with this id (KIP-394). */
export interface MemberIdRequired {
  readonly memberIdToUse: string;
}

/** What survives when the coordinator moves: the last generation that was synced. */
interface Persisted {
  readonly generation: number;
  readonly leader: string;
  readonly members: readonly PersistedMember[];
}

/** One consumer group as its coordinator keeps it: members, generations, and offsets (the classic protocol). */
export class SimulatedGroup {
  readonly id: string;
  readonly offsets: GroupOffsets = new GroupOffsets();
  readonly #clock: Clock;
  readonly #members = new Map<string, GroupMemberState>();
  /** Who takes part in this generation, and who has asked for its assignment. */
  readonly #joined = new Set<string>();
  readonly #synced = new Set<string>();
  /** Ids that were given out, and the timers after which they are no longer waited for. */
  readonly #expected = new Map<string, unknown>();
  #phase: "empty" | "joining" | "syncing" | "stable" = "empty";
  #generation = 0;
  #leader = "";
  #nextMember = 0;
  /** Ends the wait for joins, or for syncs. */
  #patience: unknown;
  #persisted: Persisted = { generation: 0, leader: "", members: [] };

  constructor(id: string, clock: Clock) {
    this.id = id;
    this.#clock = clock;
  }

  /** Ids of the members it has. */
  get members(): readonly string[] {
    return [...this.#members.keys()];
  }

  join(request: JoinRequest): Promise<JoinResponse> | JoinResponse | MemberIdRequired {
    this.#checkProtocol(request);
    const { memberId, groupInstanceId } = request;
    let member: GroupMemberState;
    let asked = false;
    if (this.#expected.has(memberId)) member = this.#add(memberId, request);
    else if (memberId !== "") {
      member = this.#known(request);
      asked = member.joining === undefined && sameProtocols(member.request, request);
    } else if (groupInstanceId === null) return this.#expect(request);
    else {
      const earlier = this.#instance(groupInstanceId);
      if (earlier !== undefined) {
        this.#replace(earlier, request);
        // As brokers do, it is not told of the others even if it leads: there is nothing to assign.
        if (this.#phase === "stable") return this.#response(earlier, []);
      }
      member = earlier ?? this.#add(this.#newId(request), request);
    }
    member.request = request;
    // Nothing new: the answer was lost, or there was no need to ask. A leader asks for a rebalance by it.
    if (asked && this.#phase === "syncing" && this.#joined.has(member.id) && !this.#synced.has(member.id))
      return this.#response(member, this.#othersFor(member));
    if (asked && this.#phase === "stable" && member.id !== this.#leader) return this.#response(member, []);
    return this.#hold(member);
  }

  sync(
    membership: GroupMembership,
    assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[],
  ): Promise<Buffer> | Buffer {
    const member = this.#current(membership);
    if (this.#phase === "joining") throw refusal("REBALANCE_IN_PROGRESS", `syncing with group "${this.id}"`);
    if (this.#phase === "stable") return member.assignment;
    this.#synced.add(member.id);
    if (member.id !== this.#leader)
      return new Promise((resolve, reject) => (member.syncing = { resolve, reject }));
    for (const { memberId, assignment } of assignments) {
      const assigned = this.#members.get(memberId);
      if (assigned !== undefined) assigned.assignment = assignment;
    }
    this.#phase = "stable";
    this.#persist();
    for (const other of this.#members.values()) {
      other.syncing?.resolve(other.assignment);
      other.syncing = undefined;
      this.#watchSession(other);
    }
    return member.assignment;
  }

  heartbeat(membership: GroupMembership): void {
    this.#watchSession(this.#current(membership));
    if (this.#phase === "joining") throw refusal("REBALANCE_IN_PROGRESS", `heartbeat in group "${this.id}"`);
  }

  leave({ memberId, groupInstanceId }: GroupMembership): void {
    const instance = groupInstanceId === null ? undefined : this.#instance(groupInstanceId);
    if (instance !== undefined && memberId === "") this.#remove(instance);
    else this.#remove(this.#known({ memberId, groupInstanceId }));
  }

  /** OffsetCommit: at once. */
  commit(membership: GroupMembership, offsets: readonly OffsetToCommit[]): void {
    const { generationId, memberId } = membership;
    if (this.#members.size > 0 || generationId >= 0 || memberId !== "") {
      const member = this.#current(membership);
      if (this.#phase === "syncing")
        throw refusal("REBALANCE_IN_PROGRESS", `committing for group "${this.id}"`);
      this.#watchSession(member);
    }
    this.offsets.commit(offsets, undefined);
  }

  /**
   * TxnOffsetCommit: once the transaction's marker is here. As brokers do, it takes what names neither member nor
   * generation, whoever the members are.
   */
  commitLater(
    membership: GroupMembership,
    offsets: readonly OffsetToCommit[],
    transaction: SimulatedTransaction,
  ): void {
    const { generationId, memberId, groupInstanceId } = membership;
    if (generationId >= 0 || memberId !== "" || groupInstanceId !== null) this.#current(membership);
    this.offsets.commit(offsets, transaction);
  }

  mark(transaction: SimulatedTransaction): void {
    this.offsets.mark(transaction);
  }

  /** Another broker coordinates it from now on, and knows what was written down: the last generation that was synced. */
  reload(): void {
    const moved = (): Error => refusal("NOT_COORDINATOR", `group "${this.id}"`);
    for (const member of this.#members.values()) {
      this.#clock.clearTimeout(member.timer);
      member.joining?.reject(moved());
      member.syncing?.reject(moved());
    }
    this.#clock.clearTimeout(this.#patience);
    for (const timer of this.#expected.values()) this.#clock.clearTimeout(timer);
    this.#expected.clear();
    this.#members.clear();
    const { generation, leader, members } = this.#persisted;
    this.#generation = generation;
    this.#leader = leader;
    this.#phase = members.length === 0 ? "empty" : "stable";
    for (const known of members) {
      const member: GroupMemberState = { ...known, joining: undefined, syncing: undefined, timer: undefined };
      this.#members.set(member.id, member);
      this.#watchSession(member);
    }
  }

  #persist(): void {
    this.#persisted = {
      generation: this.#generation,
      leader: this.#leader,
      members: [...this.#members.values()].map(({ id, instanceId, request, assignment }) => ({
        id,
        instanceId,
        request,
        assignment,
      })),
    };
  }

  #checkProtocol({ memberId, groupInstanceId, protocols }: JoinRequest): void {
    for (const member of this.#members.values()) {
      if (member.id === memberId) continue;
      if (member.instanceId !== null && member.instanceId === groupInstanceId) continue;
      const common = protocols.some(({ name }) =>
        member.request.protocols.some((protocol) => protocol.name === name),
      );
      if (!common) throw refusal("INCONSISTENT_GROUP_PROTOCOL", `joining group "${this.id}"`);
    }
  }

  #expect(request: JoinRequest): MemberIdRequired {
    const memberIdToUse = this.#newId(request);
    this.#expected.set(
      memberIdToUse,
      this.#clock.setTimeout(() => {
        this.#expected.delete(memberIdToUse);
        this.#completeJoinIfAllAreHere();
      }, request.sessionTimeoutMs),
    );
    return { memberIdToUse };
  }

  #add(id: string, request: JoinRequest): GroupMemberState {
    this.#clock.clearTimeout(this.#expected.get(id));
    this.#expected.delete(id);
    const member: GroupMemberState = {
      id,
      instanceId: request.groupInstanceId,
      request,
      joining: undefined,
      syncing: undefined,
      assignment: Buffer.alloc(0),
      timer: undefined,
    };
    this.#members.set(id, member);
    return member;
  }

  #newId({ groupInstanceId }: JoinRequest): string {
    return `${groupInstanceId ?? "member"}-${++this.#nextMember}`;
  }

  #instance(instanceId: string): GroupMemberState | undefined {
    for (const member of this.#members.values()) if (member.instanceId === instanceId) return member;
    return undefined;
  }

  /** A static member that is back, under another id. */
  #replace(member: GroupMemberState, request: JoinRequest): void {
    const fenced = refusal("FENCED_INSTANCE_ID", `group "${this.id}"`);
    member.joining?.reject(fenced);
    member.syncing?.reject(fenced);
    member.joining = undefined;
    member.syncing = undefined;
    const { id } = member;
    this.#members.delete(id);
    member.id = this.#newId(request);
    member.request = request;
    this.#members.set(member.id, member);
    if (this.#leader === id) this.#leader = member.id;
    if (this.#phase !== "stable") return;
    this.#watchSession(member);
    this.#persist();
  }

  #known({
    memberId,
    groupInstanceId,
  }: Pick<GroupMembership, "memberId" | "groupInstanceId">): GroupMemberState {
    const member = this.#members.get(memberId);
    if (member !== undefined) return member;
    const fenced = groupInstanceId !== null && this.#instance(groupInstanceId) !== undefined;
    throw refusal(fenced ? "FENCED_INSTANCE_ID" : "UNKNOWN_MEMBER_ID", `"${memberId}" in group "${this.id}"`);
  }

  #current(membership: GroupMembership): GroupMemberState {
    const member = this.#known(membership);
    const { generationId } = membership;
    if (generationId !== this.#generation)
      throw refusal(
        "ILLEGAL_GENERATION",
        `generation ${generationId} of group "${this.id}", now ${this.#generation}`,
      );
    return member;
  }

  #hold(member: GroupMemberState): Promise<JoinResponse> {
    this.#clock.clearTimeout(member.timer);
    return new Promise((resolve, reject) => {
      const held: HeldAnswer<JoinResponse> = { resolve, reject };
      member.joining = held;
      this.#rebalance();
    });
  }

  #rebalance(): void {
    if (this.#phase !== "joining") {
      this.#phase = "joining";
      this.#clock.clearTimeout(this.#patience);
      let patienceMs = 0;
      for (const member of this.#members.values()) {
        member.syncing?.reject(refusal("REBALANCE_IN_PROGRESS", `syncing with group "${this.id}"`));
        member.syncing = undefined;
        patienceMs = Math.max(patienceMs, member.request.rebalanceTimeoutMs);
      }
      this.#patience = this.#clock.setTimeout(() => this.#goOnWithout(), patienceMs);
    }
    this.#completeJoinIfAllAreHere();
  }

  /** The rebalance time-out: whoever has not joined is no member any more, but for static ones, whose session decides. */
  #goOnWithout(): void {
    for (const timer of this.#expected.values()) this.#clock.clearTimeout(timer);
    this.#expected.clear();
    for (const member of this.#members.values())
      if (member.joining === undefined && member.instanceId === null) this.#drop(member);
    this.#completeJoin();
  }

  #completeJoinIfAllAreHere(): void {
    if (this.#phase !== "joining" || this.#expected.size > 0) return;
    for (const { joining } of this.#members.values()) if (joining === undefined) return;
    this.#completeJoin();
  }

  #completeJoin(): void {
    this.#clock.clearTimeout(this.#patience);
    this.#joined.clear();
    this.#synced.clear();
    if (this.#members.size === 0) {
      this.#phase = "empty";
      this.#generation++;
      this.#persist();
      return;
    }
    const leader = this.#members.get(this.#leader);
    if (leader?.joining === undefined) {
      const next = [...this.#members.values()].find(({ joining }) => joining !== undefined);
      if (next === undefined) {
        // Static members alone, and none is here: wait for one, or for the ends of their sessions.
        this.#patience = this.#clock.setTimeout(() => this.#completeJoin(), 1_000);
        return;
      }
      this.#leader = next.id;
    }
    this.#generation++;
    this.#phase = "syncing";
    let patienceMs = 0;
    for (const member of this.#members.values()) {
      patienceMs = Math.max(patienceMs, member.request.rebalanceTimeoutMs);
      if (member.joining === undefined) continue;
      this.#joined.add(member.id);
      member.joining.resolve(this.#response(member, this.#othersFor(member)));
      member.joining = undefined;
      this.#watchSession(member);
    }
    const generation = this.#generation;
    this.#patience = this.#clock.setTimeout(() => this.#dropWhoDidNotSync(generation), patienceMs);
  }

  #dropWhoDidNotSync(generation: number): void {
    if (this.#phase !== "syncing" || this.#generation !== generation) return;
    for (const member of this.#members.values()) if (!this.#synced.has(member.id)) this.#drop(member);
    this.#rebalance();
  }

  #othersFor(member: GroupMemberState): readonly GroupMemberState[] {
    return member.id === this.#leader ? [...this.#members.values()] : [];
  }

  #response({ id, request }: GroupMemberState, members: readonly GroupMemberState[]): JoinResponse {
    const protocol = request.protocols[0]?.name ?? "";
    return {
      generationId: this.#generation,
      memberId: id,
      leaderId: this.#leader,
      protocol,
      members: members.map((member) => ({
        memberId: member.id,
        groupInstanceId: member.instanceId,
        metadata: member.request.protocols.find(({ name }) => name === protocol)?.metadata ?? Buffer.alloc(0),
      })),
    };
  }

  #watchSession(member: GroupMemberState): void {
    this.#clock.clearTimeout(member.timer);
    const expire = (): void => {
      if (this.#members.get(member.id) !== member) return;
      // Who waits for an answer is alive, as far as brokers know.
      if (member.joining === undefined && member.syncing === undefined) this.#remove(member);
      else member.timer = this.#clock.setTimeout(expire, member.request.sessionTimeoutMs);
    };
    member.timer = this.#clock.setTimeout(expire, member.request.sessionTimeoutMs);
  }

  #drop(member: GroupMemberState): void {
    this.#clock.clearTimeout(member.timer);
    this.#members.delete(member.id);
    member.joining?.reject(refusal("UNKNOWN_MEMBER_ID", `group "${this.id}"`));
    member.syncing?.reject(refusal("UNKNOWN_MEMBER_ID", `group "${this.id}"`));
  }

  #remove(member: GroupMemberState): void {
    this.#drop(member);
    if (this.#members.size > 0) this.#rebalance();
    else this.#completeJoin();
  }
}
