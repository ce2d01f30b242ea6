import type { Clock } from "../../../clock.ts";
import type {
  DescribedGroup,
  GroupMembership,
  JoinRequest,
  JoinResponse,
  OffsetToCommit,
} from "../../../transport/group-coordinator.ts";
import type { MemberIdToUse } from "../../../transport/join-with-member-id.ts";
import { type GroupMemberState, type PersistedMember, sameProtocols } from "./group-member.ts";
import { GroupOffsets } from "./group-offsets.ts";
import { GroupRoster } from "./group-roster.ts";
import { refusal } from "./refusal.ts";
import type { SimulatedTransaction } from "./simulated-transaction.ts";

/** What survives when the coordinator moves: the last generation that was synced. */
interface Persisted {
  readonly generation: number;
  readonly leader: string;
  readonly members: readonly PersistedMember[];
}

const nothing = Buffer.alloc(0);

/** Kafka's words. */
const states = {
  empty: "Empty",
  joining: "PreparingRebalance",
  syncing: "CompletingRebalance",
  stable: "Stable",
} as const;

/** One consumer group as its coordinator keeps it: members, generations, and offsets (the classic protocol). */
export class SimulatedGroup {
  readonly id: string;
  readonly offsets: GroupOffsets = new GroupOffsets();
  readonly #clock: Clock;
  readonly #roster: GroupRoster;
  /** Who takes part in this generation, and who has asked for its assignment. */
  readonly #joined = new Set<string>();
  readonly #synced = new Set<string>();
  #phase: "empty" | "joining" | "syncing" | "stable" = "empty";
  #generation = 0;
  #leader = "";
  /** Ends the wait for joins, or for syncs. */
  #patience: unknown;
  #persisted: Persisted = { generation: 0, leader: "", members: [] };

  constructor(id: string, clock: Clock) {
    this.id = id;
    this.#clock = clock;
    this.#roster = new GroupRoster(id, clock, (member) => this.#remove(member));
  }

  join(request: JoinRequest): Promise<JoinResponse> | JoinResponse | MemberIdToUse {
    this.#checkProtocol(request);
    const roster = this.#roster;
    const { memberId, groupInstanceId } = request;
    let member: GroupMemberState;
    let asked = false;
    if (roster.isExpected(memberId)) member = roster.add(memberId, request);
    else if (memberId !== "") {
      member = roster.known(request);
      asked = member.joining === undefined && sameProtocols(member.request, request);
    } else if (groupInstanceId === null)
      return { memberIdToUse: roster.expect(request, () => this.#completeJoinIfAllAreHere()) };
    else {
      const earlier = roster.instance(groupInstanceId);
      if (earlier !== undefined) this.#replace(earlier, request);
      // As brokers do, it is not told of the others even if it leads: there is nothing to assign.
      if (earlier !== undefined && this.#phase === "stable") return this.#response(earlier, []);
      member = earlier ?? roster.add(roster.newId(request), request);
    }
    member.request = request;
    // Nothing new: the answer was lost, or there was no need to ask. A leader asks for a rebalance by it.
    if (asked && this.#phase === "syncing" && this.#joined.has(member.id) && !this.#synced.has(member.id))
      return this.#response(member, this.#othersFor(member));
    if (asked && this.#phase === "stable" && member.id !== this.#leader) return this.#response(member, []);
    roster.holds(member);
    return new Promise((resolve, reject) => {
      member.joining = { resolve, reject };
      this.#rebalance();
    });
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
      const assigned = this.#roster.members.get(memberId);
      if (assigned !== undefined) assigned.assignment = assignment;
    }
    this.#phase = "stable";
    this.#persist();
    for (const other of this.#roster.members.values()) {
      other.syncing?.resolve(other.assignment);
      other.syncing = undefined;
      this.#roster.heard(other);
    }
    return member.assignment;
  }

  heartbeat(membership: GroupMembership): void {
    this.#roster.heard(this.#current(membership));
    if (this.#phase === "joining") throw refusal("REBALANCE_IN_PROGRESS", `heartbeat in group "${this.id}"`);
  }

  leave({ memberId, groupInstanceId }: GroupMembership): void {
    const instance = groupInstanceId === null ? undefined : this.#roster.instance(groupInstanceId);
    if (instance !== undefined && memberId === "") this.#remove(instance);
    else this.#remove(this.#roster.known({ memberId, groupInstanceId }));
  }

  /** DescribeGroups: as brokers do, it tells of subscriptions and assignments only while all is settled. */
  describe(): DescribedGroup {
    const members = [...this.#roster.members.values()];
    const stable = this.#phase === "stable";
    return {
      state: members.length === 0 ? (this.#generation === 0 ? "Dead" : "Empty") : states[this.#phase],
      members: members.map(({ id, instanceId, request, assignment }) => ({
        memberId: id,
        groupInstanceId: instanceId,
        clientId: "simulated",
        clientHost: "/127.0.0.1",
        metadata: stable ? (request.protocols[0]?.metadata ?? nothing) : nothing,
        assignment: stable ? assignment : nothing,
      })),
    };
  }

  /** OffsetCommit: at once. */
  commit(membership: GroupMembership, offsets: readonly OffsetToCommit[]): void {
    const { generationId, memberId } = membership;
    if (this.#roster.members.size > 0 || generationId >= 0 || memberId !== "") {
      const member = this.#current(membership);
      if (this.#phase === "syncing")
        throw refusal("REBALANCE_IN_PROGRESS", `committing for group "${this.id}"`);
      this.#roster.heard(member);
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
    const { generation, leader, members } = this.#persisted;
    this.#clock.clearTimeout(this.#patience);
    this.#generation = generation;
    this.#leader = leader;
    this.#phase = members.length === 0 ? "empty" : "stable";
    this.#roster.reload(members);
  }

  #persist(): void {
    this.#persisted = {
      generation: this.#generation,
      leader: this.#leader,
      members: this.#roster.persisted(),
    };
  }

  #checkProtocol({ memberId, groupInstanceId, protocols }: JoinRequest): void {
    for (const member of this.#roster.members.values()) {
      if (member.id === memberId) continue;
      if (member.instanceId !== null && member.instanceId === groupInstanceId) continue;
      const common = protocols.some(({ name }) =>
        member.request.protocols.some((protocol) => protocol.name === name),
      );
      if (!common) throw refusal("INCONSISTENT_GROUP_PROTOCOL", `joining group "${this.id}"`);
    }
  }

  /** A static member that is back, under another id. */
  #replace(member: GroupMemberState, request: JoinRequest): void {
    const { id } = member;
    this.#roster.rename(member, request);
    if (this.#leader === id) this.#leader = member.id;
    if (this.#phase !== "stable") return;
    this.#roster.heard(member);
    this.#persist();
  }

  #current(membership: GroupMembership): GroupMemberState {
    const member = this.#roster.known(membership);
    const { generationId } = membership;
    if (generationId !== this.#generation)
      throw refusal(
        "ILLEGAL_GENERATION",
        `generation ${generationId} of group "${this.id}", now ${this.#generation}`,
      );
    return member;
  }

  #rebalance(): void {
    if (this.#phase !== "joining") {
      this.#phase = "joining";
      this.#clock.clearTimeout(this.#patience);
      let patienceMs = 0;
      for (const member of this.#roster.members.values()) {
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
    this.#roster.expectNobody();
    for (const member of this.#roster.members.values())
      if (member.joining === undefined && member.instanceId === null) this.#roster.drop(member);
    this.#completeJoin();
  }

  #completeJoinIfAllAreHere(): void {
    if (this.#phase !== "joining" || this.#roster.waits) return;
    for (const { joining } of this.#roster.members.values()) if (joining === undefined) return;
    this.#completeJoin();
  }

  #completeJoin(): void {
    this.#clock.clearTimeout(this.#patience);
    this.#joined.clear();
    this.#synced.clear();
    if (this.#roster.members.size === 0) {
      this.#phase = "empty";
      this.#generation++;
      this.#persist();
      return;
    }
    const leader = this.#roster.members.get(this.#leader);
    if (leader?.joining === undefined) {
      const next = [...this.#roster.members.values()].find(({ joining }) => joining !== undefined);
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
    for (const member of this.#roster.members.values()) {
      patienceMs = Math.max(patienceMs, member.request.rebalanceTimeoutMs);
      if (member.joining === undefined) continue;
      this.#joined.add(member.id);
      member.joining.resolve(this.#response(member, this.#othersFor(member)));
      member.joining = undefined;
      this.#roster.heard(member);
    }
    const generation = this.#generation;
    this.#patience = this.#clock.setTimeout(() => this.#dropWhoDidNotSync(generation), patienceMs);
  }

  #dropWhoDidNotSync(generation: number): void {
    if (this.#phase !== "syncing" || this.#generation !== generation) return;
    for (const member of this.#roster.members.values())
      if (!this.#synced.has(member.id)) this.#roster.drop(member);
    this.#rebalance();
  }

  #othersFor(member: GroupMemberState): readonly GroupMemberState[] {
    return member.id === this.#leader ? [...this.#roster.members.values()] : [];
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

  #remove(member: GroupMemberState): void {
    this.#roster.drop(member);
    if (this.#roster.members.size > 0) this.#rebalance();
    else this.#completeJoin();
  }
}
