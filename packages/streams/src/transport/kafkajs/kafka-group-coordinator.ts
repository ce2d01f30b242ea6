import type {
  CommittedOffset,
  GroupCoordinator,
  GroupMembership,
  JoinRequest,
  JoinResponse,
  OffsetToCommit,
} from "../group-coordinator.ts";
import { TransportError } from "../transport-error.ts";
import type { TopicPartition } from "../topic-partition.ts";
import { CoordinatorLink } from "./coordinator-link.ts";
import type { KafkaConnection } from "./kafka-connection.ts";
import { heartbeat, joinGroup, leaveGroup, syncGroup } from "./requests/group.ts";
import { offsetCommit, offsetFetch } from "./requests/offsets.ts";
import { wait } from "./retry.ts";

/** How long an offset may stay held by another's transaction: beyond any transaction time-out worth having. */
const longestUnstableMs = 120_000;

/** The group protocol over kafkajs' connections. Joins wait long, so heartbeats go over a connection of their own. */
export class KafkaGroupCoordinator implements GroupCoordinator {
  readonly #groupId: string;
  readonly #joins: CoordinatorLink;
  readonly #others: CoordinatorLink;

  constructor(groupId: string, joins: KafkaConnection, others: KafkaConnection) {
    this.#groupId = groupId;
    this.#joins = new CoordinatorLink(joins, groupId, "group");
    this.#others = new CoordinatorLink(others, groupId, "group");
  }

  async join(request: JoinRequest): Promise<JoinResponse> {
    const first = await this.#joins.send(joinGroup(this.#groupId, request));
    if (!("memberIdToUse" in first)) return first;
    const second = await this.#joins.send(
      joinGroup(this.#groupId, { ...request, memberId: first.memberIdToUse }),
    );
    if ("memberIdToUse" in second)
      throw new TransportError(
        `joining group "${this.#groupId}": MEMBER_ID_REQUIRED twice`,
        "MEMBER_ID_REQUIRED",
        true,
      );
    return second;
  }

  sync(
    membership: GroupMembership,
    assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[],
  ): Promise<Buffer> {
    return this.#joins.send(syncGroup(membership, assignments, 120_000));
  }

  heartbeat(membership: GroupMembership): Promise<void> {
    return this.#others.once(heartbeat(membership));
  }

  leave(membership: GroupMembership): Promise<void> {
    return this.#others.once(leaveGroup(membership));
  }

  async fetchOffsets(partitions: readonly TopicPartition[]): Promise<readonly CommittedOffset[]> {
    if (partitions.length === 0) return [];
    const giveUp = performance.now() + longestUnstableMs;
    for (;;)
      try {
        return await this.#others.send(offsetFetch(this.#groupId, partitions));
      } catch (error) {
        const unstable = error instanceof TransportError && error.kafkaError === "UNSTABLE_OFFSET_COMMIT";
        if (!unstable || performance.now() > giveUp) throw error;
        await wait(50);
      }
  }

  commitOffsets(membership: GroupMembership, offsets: readonly OffsetToCommit[]): Promise<void> {
    return this.#others.send(offsetCommit(membership, offsets));
  }
}
