import type { CallOptions } from "../call-options.ts";
import type {
  CommittedOffset,
  DescribedGroup,
  GroupCoordinator,
  GroupMembership,
  JoinRequest,
  JoinResponse,
  OffsetToCommit,
} from "../group-coordinator.ts";
import { joinWithMemberId } from "../join-with-member-id.ts";
import type { TopicPartition } from "../topic-partition.ts";
import type { Cluster } from "./cluster.ts";
import { CoordinatorLink } from "./coordinator-link.ts";
import { describeGroup } from "./requests/describe-group.ts";
import { heartbeat } from "./requests/heartbeat.ts";
import { joinGroup } from "./requests/join-group.ts";
import { leaveGroup } from "./requests/leave-group.ts";
import { offsetCommit } from "./requests/offset-commit.ts";
import { offsetFetch } from "./requests/offset-fetch.ts";
import { syncGroup } from "./requests/sync-group.ts";

/** A heartbeat that does not get through is followed by the next one anyway; a leaving member waits no longer. */
const briefMs = 3_000;
/** How long an offset may stay held by another's transaction: beyond any transaction time-out worth having. */
const longestUnstableMs = 120_000;
/** The leader may take the whole rebalance time-out before it assigns. */
const longestSyncMs = 300_000;

/**
 * The group protocol for one member. The broker holds joins and syncs until everybody is there, so that heartbeats go
 * over a connection of their own, and another member needs another coordinator object.
 */
export class KafkaGroupCoordinator implements GroupCoordinator {
  readonly #groupId: string;
  readonly #joins: CoordinatorLink;
  readonly #heartbeats: CoordinatorLink;
  readonly #offsets: CoordinatorLink;

  constructor(groupId: string, cluster: Cluster) {
    this.#groupId = groupId;
    const link = (): CoordinatorLink => new CoordinatorLink(cluster, cluster.lane(), groupId, "group");
    this.#joins = link();
    this.#heartbeats = link();
    this.#offsets = link();
  }

  join(request: JoinRequest, { timeoutMs }: CallOptions = {}): Promise<JoinResponse> {
    return joinWithMemberId(this.#groupId, request, (asked) =>
      this.#joins.send(joinGroup(this.#groupId, asked), { timeoutMs }),
    );
  }

  sync(
    membership: GroupMembership,
    assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[],
    { timeoutMs }: CallOptions = {},
  ): Promise<Buffer> {
    return this.#joins.send(syncGroup(membership, assignments, longestSyncMs), { timeoutMs });
  }

  heartbeat(membership: GroupMembership, { timeoutMs = briefMs }: CallOptions = {}): Promise<void> {
    return this.#heartbeats.send(heartbeat(membership), { timeoutMs, answerMs: timeoutMs / 3 });
  }

  leave(membership: GroupMembership, { timeoutMs = briefMs }: CallOptions = {}): Promise<void> {
    return this.#heartbeats.send(leaveGroup(membership), { timeoutMs });
  }

  describe({ timeoutMs }: CallOptions = {}): Promise<DescribedGroup> {
    return this.#offsets.send(describeGroup(this.#groupId), { timeoutMs });
  }

  async fetchOffsets(
    partitions: readonly TopicPartition[],
    { timeoutMs = longestUnstableMs }: CallOptions = {},
  ): Promise<readonly CommittedOffset[]> {
    if (partitions.length === 0) return [];
    return this.#offsets.send(offsetFetch(this.#groupId, partitions), { timeoutMs });
  }

  commitOffsets(
    membership: GroupMembership,
    offsets: readonly OffsetToCommit[],
    { timeoutMs }: CallOptions = {},
  ): Promise<void> {
    if (offsets.length === 0) return Promise.resolve();
    return this.#offsets.send(offsetCommit(membership, offsets), { timeoutMs });
  }
}
