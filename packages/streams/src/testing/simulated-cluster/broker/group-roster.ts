import type { Clock } from "../../../clock.ts";
import type { GroupMembership, JoinRequest } from "../../../transport/group-coordinator.ts";
import type { GroupMemberState, PersistedMember } from "./group-member.ts";
import { refusal } from "./refusal.ts";

/** Whom a coordinator knows of one group: members with their sessions, and ids that it gave out and waits for. */
export class GroupRoster {
  readonly members: Map<string, GroupMemberState> = new Map();
  readonly #groupId: string;
  readonly #clock: Clock;
  readonly #expired: (member: GroupMemberState) => void;
  /** Ids that were given out, and the timers after which they are no longer waited for. */
  readonly #expected = new Map<string, unknown>();
  #nextMember = 0;

  /** `expired` is told of a member whose session has ended. */
  constructor(groupId: string, clock: Clock, expired: (member: GroupMemberState) => void) {
    this.#groupId = groupId;
    this.#clock = clock;
    this.#expired = expired;
  }

  /** Whether an id that was given out is still waited for. */
  get waits(): boolean {
    return this.#expected.size > 0;
  }

  isExpected(memberId: string): boolean {
    return this.#expected.has(memberId);
  }

  /** Gives an id out, and waits for it for a session's time; then `given up` is told. */
  expect(request: JoinRequest, givenUp: () => void): string {
    const id = this.newId(request);
    const forget = (): void => {
      this.#expected.delete(id);
      givenUp();
    };
    this.#expected.set(id, this.#clock.setTimeout(forget, request.sessionTimeoutMs));
    return id;
  }

  /** No id is waited for any more. */
  expectNobody(): void {
    for (const timer of this.#expected.values()) this.#clock.clearTimeout(timer);
    this.#expected.clear();
  }

  newId({ groupInstanceId }: JoinRequest): string {
    return `${groupInstanceId ?? "member"}-${++this.#nextMember}`;
  }

  add(id: string, request: JoinRequest): GroupMemberState {
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
    this.members.set(id, member);
    return member;
  }

  /** A static member that is back has another id. */
  rename(member: GroupMemberState, request: JoinRequest): void {
    const fenced = refusal("FENCED_INSTANCE_ID", `group "${this.#groupId}"`);
    member.joining?.reject(fenced);
    member.syncing?.reject(fenced);
    member.joining = undefined;
    member.syncing = undefined;
    this.members.delete(member.id);
    member.id = this.newId(request);
    member.request = request;
    this.members.set(member.id, member);
  }

  /** The static member of that instance id. */
  instance(instanceId: string): GroupMemberState | undefined {
    for (const member of this.members.values()) if (member.instanceId === instanceId) return member;
    return undefined;
  }

  /** Throws UNKNOWN_MEMBER_ID, or FENCED_INSTANCE_ID where another has taken the static member's place. */
  known({
    memberId,
    groupInstanceId,
  }: Pick<GroupMembership, "memberId" | "groupInstanceId">): GroupMemberState {
    const member = this.members.get(memberId);
    if (member !== undefined) return member;
    const fenced = groupInstanceId !== null && this.instance(groupInstanceId) !== undefined;
    throw refusal(
      fenced ? "FENCED_INSTANCE_ID" : "UNKNOWN_MEMBER_ID",
      `"${memberId}" in group "${this.#groupId}"`,
    );
  }

  /** The member was heard of: its session begins anew. */
  heard(member: GroupMemberState): void {
    this.#clock.clearTimeout(member.timer);
    const expire = (): void => {
      if (this.members.get(member.id) !== member) return;
      // Who waits for an answer is alive, as far as brokers know.
      if (member.joining === undefined && member.syncing === undefined) this.#expired(member);
      else member.timer = this.#clock.setTimeout(expire, member.request.sessionTimeoutMs);
    };
    member.timer = this.#clock.setTimeout(expire, member.request.sessionTimeoutMs);
  }

  /** The member waits for an answer: no session ends meanwhile. */
  holds(member: GroupMemberState): void {
    this.#clock.clearTimeout(member.timer);
  }

  drop(member: GroupMemberState): void {
    this.#clock.clearTimeout(member.timer);
    this.members.delete(member.id);
    const gone = refusal("UNKNOWN_MEMBER_ID", `group "${this.#groupId}"`);
    member.joining?.reject(gone);
    member.syncing?.reject(gone);
  }

  /** What is written down of the members. */
  persisted(): readonly PersistedMember[] {
    return [...this.members.values()].map(({ id, instanceId, request, assignment }) => ({
      id,
      instanceId,
      request,
      assignment,
    }));
  }

  /** Another broker has taken over, and knows no more than these. */
  reload(members: readonly PersistedMember[]): void {
    const moved = refusal("NOT_COORDINATOR", `group "${this.#groupId}"`);
    for (const member of this.members.values()) {
      this.#clock.clearTimeout(member.timer);
      member.joining?.reject(moved);
      member.syncing?.reject(moved);
    }
    this.expectNobody();
    this.members.clear();
    for (const known of members) {
      const member = { ...known, joining: undefined, syncing: undefined, timer: undefined };
      this.members.set(member.id, member);
      this.heard(member);
    }
  }
}
