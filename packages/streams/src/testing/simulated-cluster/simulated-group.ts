import type {
  CommittedOffset,
  GroupMembership,
  JoinRequest,
  JoinResponse,
  OffsetToCommit,
} from "../../transport/group-coordinator.ts";
import { type TopicPartition, topicPartitionName } from "../../transport/topic-partition.ts";
import { rankOf } from "../../transport/kafkajs/error-codes.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { SimulatedTransaction } from "./simulated-transaction.ts";

interface Member {
  id: string;
  readonly instanceId: string | null;
  request: JoinRequest;
  /** Set while it waits for the others to join. */
  joining: Waiting<JoinResponse> | undefined;
  /** Set while it waits for the leader's assignment. */
  syncing: Waiting<Buffer> | undefined;
  assignment: Buffer;
  timer: unknown;
}

interface Waiting<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

export interface GroupTimers {
  set(callback: () => void, ms: number): unknown;
  clear(timer: unknown): void;
}

/** `offset.metadata.max.bytes` of brokers. */
const maxMetadataBytes = 4_096;

/** One consumer group: members, generations, and offsets. */
export class SimulatedGroup {
  readonly id: string;
  readonly #timers: GroupTimers;
  readonly #members = new Map<string, Member>();
  readonly #offsets = new Map<string, CommittedOffset>();
  readonly #pending = new Map<SimulatedTransaction, Map<string, CommittedOffset>>();
  #phase: "stable" | "joining" | "syncing" = "stable";
  #generation = 0;
  #leader = "";
  #nextMember = 0;
  #rebalanceTimer: unknown;
  #stableWaiters: (() => void)[] = [];

  constructor(id: string, timers: GroupTimers) {
    this.#timers = timers;
    this.id = id;
  }

  join(request: JoinRequest): Promise<JoinResponse> {
    this.#checkProtocol(request);
    const { memberId, groupInstanceId } = request;
    const earlier = [...this.#members.values()].find(
      ({ instanceId }) => instanceId !== null && instanceId === groupInstanceId,
    );
    if (memberId !== "") {
      this.#known(memberId, groupInstanceId);
    } else if (earlier !== undefined) {
      const taken = this.#replace(earlier, request);
      if (taken !== undefined) return Promise.resolve(taken);
    }
    const member = memberId === "" ? (earlier ?? this.#add(request)) : this.#known(memberId, groupInstanceId);
    member.request = request;
    this.#timers.clear(member.timer);
    return new Promise((resolve, reject) => {
      member.joining = { resolve, reject };
      this.#rebalance();
    });
  }

  sync(
    membership: GroupMembership,
    assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[],
  ): Promise<Buffer> {
    const member = this.#current(membership);
    if (this.#phase === "joining") throw groupError("REBALANCE_IN_PROGRESS", this.id);
    if (this.#phase === "stable") return Promise.resolve(member.assignment);
    const waiting = new Promise<Buffer>((resolve, reject) => {
      member.syncing = { resolve, reject };
    });
    if (member.id === this.#leader) {
      for (const { memberId, assignment } of assignments) {
        const assigned = this.#members.get(memberId);
        if (assigned !== undefined) assigned.assignment = assignment;
      }
      this.#phase = "stable";
      for (const other of this.#members.values()) {
        other.syncing?.resolve(other.assignment);
        other.syncing = undefined;
      }
    }
    return waiting;
  }

  heartbeat(membership: GroupMembership): void {
    const member = this.#current(membership);
    this.#watchSession(member);
    if (this.#phase === "joining") throw groupError("REBALANCE_IN_PROGRESS", this.id);
  }

  leave({ memberId, groupInstanceId }: GroupMembership): void {
    this.#remove(this.#known(memberId, groupInstanceId));
  }

  /** Commits at once. */
  commit(membership: GroupMembership, offsets: readonly OffsetToCommit[]): void {
    this.#current(membership);
    for (const offset of offsets) this.#offsets.set(nameOf(offset), checked(offset));
  }

  /** Commits when the transaction does. */
  commitLater(
    membership: GroupMembership,
    offsets: readonly OffsetToCommit[],
    transaction: SimulatedTransaction,
  ): void {
    this.#current(membership);
    transaction.groups.add(this);
    const pending = this.#pending.get(transaction) ?? new Map<string, CommittedOffset>();
    this.#pending.set(transaction, pending);
    for (const offset of offsets) pending.set(nameOf(offset), checked(offset));
  }

  endTransaction(transaction: SimulatedTransaction): void {
    if (transaction.state === "committed")
      for (const [name, offset] of this.#pending.get(transaction) ?? []) this.#offsets.set(name, offset);
    this.#pending.delete(transaction);
    const waiters = this.#stableWaiters;
    this.#stableWaiters = [];
    for (const waiter of waiters) waiter();
  }

  /** Waits while a transaction holds one of them. */
  async fetchOffsets(partitions: readonly TopicPartition[]): Promise<readonly CommittedOffset[]> {
    const names = partitions.map(nameOf);
    while ([...this.#pending.values()].some((pending) => names.some((name) => pending.has(name))))
      await new Promise<void>((resolve) => this.#stableWaiters.push(resolve));
    return partitions.map(
      ({ topic, partition }, index) =>
        this.#offsets.get(names[index] ?? "") ?? {
          topic,
          partition,
          offset: -1,
          leaderEpoch: -1,
          metadata: "",
        },
    );
  }

  #checkProtocol({ memberId, protocols }: JoinRequest): void {
    const others = [...this.#members.values()].filter(({ id }) => id !== memberId);
    const common = protocols.some(({ name }) =>
      others.every(({ request }) => request.protocols.some((protocol) => protocol.name === name)),
    );
    if (!common) throw groupError("INCONSISTENT_GROUP_PROTOCOL", this.id);
  }

  #add(request: JoinRequest): Member {
    const member: Member = {
      id: this.#newId(request),
      instanceId: request.groupInstanceId,
      request,
      joining: undefined,
      syncing: undefined,
      assignment: Buffer.alloc(0),
      timer: undefined,
    };
    this.#members.set(member.id, member);
    return member;
  }

  #newId({ groupInstanceId }: JoinRequest): string {
    return `${groupInstanceId ?? "member"}-${++this.#nextMember}`;
  }

  /** A static member that is back: under another id, and without a rebalance if nothing else is going on. */
  #replace(member: Member, request: JoinRequest): JoinResponse | undefined {
    this.#members.delete(member.id);
    if (this.#leader === member.id) this.#leader = "";
    member.joining?.reject(groupError("FENCED_INSTANCE_ID", this.id));
    member.syncing?.reject(groupError("FENCED_INSTANCE_ID", this.id));
    member.joining = undefined;
    member.syncing = undefined;
    member.id = this.#newId(request);
    member.request = request;
    this.#members.set(member.id, member);
    if (this.#leader === "") this.#leader = member.id;
    if (this.#phase !== "stable") return undefined;
    this.#watchSession(member);
    // As brokers do, it is not told of the others even if it leads: there is nothing to assign.
    return this.#response(member, []);
  }

  #known(memberId: string, instanceId: string | null): Member {
    const member = this.#members.get(memberId);
    if (member !== undefined) return member;
    const taken = [...this.#members.values()].some(
      (other) => other.instanceId !== null && other.instanceId === instanceId,
    );
    throw groupError(taken ? "FENCED_INSTANCE_ID" : "UNKNOWN_MEMBER_ID", this.id);
  }

  #current({ memberId, groupInstanceId, generationId }: GroupMembership): Member {
    const member = this.#known(memberId, groupInstanceId);
    if (generationId !== this.#generation) throw groupError("ILLEGAL_GENERATION", this.id);
    return member;
  }

  #rebalance(): void {
    if (this.#phase !== "joining") {
      this.#phase = "joining";
      for (const member of this.#members.values()) {
        member.syncing?.reject(groupError("REBALANCE_IN_PROGRESS", this.id));
        member.syncing = undefined;
      }
      const patience = Math.max(
        0,
        ...[...this.#members.values()].map(({ request }) => request.rebalanceTimeoutMs),
      );
      this.#rebalanceTimer = this.#timers.set(() => {
        for (const member of this.#members.values())
          if (member.joining === undefined) this.#members.delete(member.id);
        this.#completeJoin();
      }, patience);
    }
    if ([...this.#members.values()].every(({ joining }) => joining !== undefined)) this.#completeJoin();
  }

  #completeJoin(): void {
    this.#timers.clear(this.#rebalanceTimer);
    if (this.#members.size === 0) {
      this.#phase = "stable";
      return;
    }
    this.#generation++;
    this.#phase = "syncing";
    if (!this.#members.has(this.#leader)) this.#leader = this.#members.keys().next().value ?? "";
    for (const member of this.#members.values()) {
      member.joining?.resolve(
        this.#response(member, member.id === this.#leader ? [...this.#members.values()] : []),
      );
      member.joining = undefined;
      this.#watchSession(member);
    }
  }

  #response({ id, request }: Member, members: readonly Member[]): JoinResponse {
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

  #watchSession(member: Member): void {
    this.#timers.clear(member.timer);
    member.timer = this.#timers.set(() => {
      if (this.#members.get(member.id) === member && member.joining === undefined) this.#remove(member);
    }, member.request.sessionTimeoutMs);
  }

  #remove(member: Member): void {
    this.#timers.clear(member.timer);
    this.#members.delete(member.id);
    member.joining?.reject(groupError("UNKNOWN_MEMBER_ID", this.id));
    member.syncing?.reject(groupError("UNKNOWN_MEMBER_ID", this.id));
    if (this.#members.size === 0) {
      this.#timers.clear(this.#rebalanceTimer);
      this.#phase = "stable";
    } else this.#rebalance();
  }
}

const nameOf = ({ topic, partition }: TopicPartition): string => topicPartitionName(topic, partition);

const checked = ({ topic, partition, offset, leaderEpoch, metadata }: OffsetToCommit): CommittedOffset => {
  if (Buffer.byteLength(metadata) > maxMetadataBytes)
    throw groupError("OFFSET_METADATA_TOO_LARGE", `${topic}-${partition}`);
  return { topic, partition, offset, leaderEpoch, metadata };
};

const groupError = (kafkaError: string, where: string): TransportError =>
  new TransportError(`${kafkaError} (${where})`, kafkaError, rankOf(kafkaError));
