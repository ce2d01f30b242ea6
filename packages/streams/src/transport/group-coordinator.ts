import type { CallOptions } from "./call-options.ts";
import type { TopicPartition } from "./topic-partition.ts";

interface GroupProtocol {
  /** The assignor's name, e.g. "millrace". */
  readonly name: string;
  /** This member's subscription, opaque to the broker. */
  readonly metadata: Buffer;
}

export interface JoinRequest {
  /** "" for a member that has none yet: the coordinator answers MEMBER_ID_REQUIRED with one (handled inside). */
  readonly memberId: string;
  /** Static membership (KIP-345). */
  readonly groupInstanceId: string | null;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocols: readonly GroupProtocol[];
  /** Told the id that a member without one was given (KIP-394), as soon as it is known: so that it can leave. */
  readonly onMemberId?: (memberId: string) => void;
}

export interface JoinResponse {
  readonly generationId: number;
  readonly memberId: string;
  readonly leaderId: string;
  readonly protocol: string;
  /** Only filled for the leader. */
  readonly members: readonly {
    readonly memberId: string;
    readonly groupInstanceId: string | null;
    readonly metadata: Buffer;
  }[];
}

/** A member as the coordinator knows it; nothing of what it said and was told unless the group is `Stable`. */
export interface DescribedMember {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  /** Where it connects from, e.g. "/10.0.0.7". */
  readonly clientHost: string;
  /** Its subscription. */
  readonly metadata: Buffer;
  readonly assignment: Buffer;
}

/** What the coordinator says of a group. */
export interface DescribedGroup {
  /** Kafka's word: `Stable`, `PreparingRebalance`, `CompletingRebalance`, `Empty`, or `Dead` where there is none. */
  readonly state: string;
  readonly members: readonly DescribedMember[];
}

/** Who commits: carried by every commit so that the broker fences a zombie by generation (KIP-447). */
export interface GroupMembership {
  readonly groupId: string;
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

export interface CommittedOffset extends TopicPartition {
  /** Next offset to read; -1 where nothing was ever committed. */
  readonly offset: number;
  /** Of the record before the offset, as it was committed (KIP-320); -1 unknown. */
  readonly leaderEpoch: number;
  readonly metadata: string;
}

export interface OffsetToCommit extends TopicPartition {
  readonly offset: number;
  /** Of the record before the offset (KIP-320); -1 unknown. */
  readonly leaderEpoch: number;
  /** Stream time and processor positions, in Kafka Streams' TopicPartitionMetadata encoding. */
  readonly metadata: string;
}

/**
 * The group protocol of one group: join, sync, heartbeat, leave, offsets. Each call finds (and caches) the
 * coordinator, by the host and port that brokers name, and finds it anew where it has moved or does not answer: that is
 * rank `retry`, and never means that membership is lost. Every other group error is thrown as a TransportError with its
 * Kafka name in `kafkaError` (REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ...)
 * for the membership loop to act on.
 */
export interface GroupCoordinator {
  /** Waits for the others for up to the rebalance time-out, and for a coordinator for as long again as is usual. */
  join(request: JoinRequest, options?: CallOptions): Promise<JoinResponse>;
  /** The leader passes everyone's assignment; answers this member's. */
  sync(
    membership: GroupMembership,
    assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[],
    options?: CallOptions,
  ): Promise<Buffer>;
  /**
   * Says that the member lives. An answer is waited for a third of `timeoutMs` (3 seconds, unless said otherwise), then
   * the coordinator is looked for anew: one hung connection costs no membership.
   */
  heartbeat(membership: GroupMembership, options?: CallOptions): Promise<void>;
  /** Also for static members: the group need not wait for the session to end (LeaveGroup v3, KIP-345). */
  leave(membership: GroupMembership, options?: CallOptions): Promise<void>;
  /** Who the members are, and what they have, for anybody who asks. */
  describe(options?: CallOptions): Promise<DescribedGroup>;
  /**
   * OffsetFetch v7 with requireStable (KIP-447): waits and asks again while a predecessor's transaction holds the
   * offset (UNSTABLE_OFFSET_COMMIT).
   */
  fetchOffsets(
    partitions: readonly TopicPartition[],
    options?: CallOptions,
  ): Promise<readonly CommittedOffset[]>;
  /** OffsetCommit outside of a transaction (at_least_once). */
  commitOffsets(
    membership: GroupMembership,
    offsets: readonly OffsetToCommit[],
    options?: CallOptions,
  ): Promise<void>;
}
