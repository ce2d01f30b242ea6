import type { CallOptions } from "../../../transport/call-options.ts";
import type {
  CommittedOffset,
  DescribedGroup,
  GroupCoordinator,
  GroupMembership,
  JoinRequest,
  JoinResponse,
  OffsetToCommit,
} from "../../../transport/group-coordinator.ts";
import { joinWithMemberId } from "../../../transport/join-with-member-id.ts";
import type { TopicPartition } from "../../../transport/topic-partition.ts";
import { TransportError } from "../../../transport/transport-error.ts";
import type { SimulatedBrokers } from "../broker/simulated-brokers.ts";
import type { SimulatedGroup } from "../broker/simulated-group.ts";
import type { ClusterView } from "./cluster-view.ts";

/** How long a heartbeat or a goodbye is worth trying, ms. */
const briefMs = 3_000;
/** What brokers hold back longest: the leader may take the whole rebalance time-out before it assigns. */
const syncTimeoutMs = 330_000;
const longestUnstableMs = 120_000;
const usualMs = 60_000;

/** The group protocol of one member. */
export class SimulatedGroupCoordinator implements GroupCoordinator {
  readonly #brokers: SimulatedBrokers;
  readonly #view: ClusterView;
  readonly #groupId: string;

  constructor(brokers: SimulatedBrokers, view: ClusterView, groupId: string) {
    this.#brokers = brokers;
    this.#view = view;
    this.#groupId = groupId;
  }

  join(request: JoinRequest, options?: CallOptions): Promise<JoinResponse> {
    const heldMs = request.rebalanceTimeoutMs + 5_000;
    return joinWithMemberId(this.#groupId, request, (asked) =>
      this.#ask("JoinGroup", (group) => group.join(asked), options, usualMs, heldMs),
    );
  }

  sync(
    membership: GroupMembership,
    assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[],
    options?: CallOptions,
  ): Promise<Buffer> {
    return this.#ask(
      "SyncGroup",
      (group) => group.sync(membership, assignments),
      options,
      usualMs,
      syncTimeoutMs,
    );
  }

  heartbeat(membership: GroupMembership, options?: CallOptions): Promise<void> {
    const attemptMs = (options?.timeoutMs ?? briefMs) / 3;
    return this.#ask("Heartbeat", (group) => group.heartbeat(membership), options, briefMs, attemptMs);
  }

  leave(membership: GroupMembership, options?: CallOptions): Promise<void> {
    return this.#ask("LeaveGroup", (group) => group.leave(membership), options, briefMs);
  }

  describe(options?: CallOptions): Promise<DescribedGroup> {
    return this.#ask("DescribeGroups", (group) => group.describe(), options, usualMs);
  }

  async fetchOffsets(
    partitions: readonly TopicPartition[],
    options?: CallOptions,
  ): Promise<readonly CommittedOffset[]> {
    if (partitions.length === 0) return [];
    return this.#ask("OffsetFetch", (group) => group.offsets.fetch(partitions), options, longestUnstableMs);
  }

  async commitOffsets(
    membership: GroupMembership,
    offsets: readonly OffsetToCommit[],
    options?: CallOptions,
  ): Promise<void> {
    if (offsets.length > 0)
      await this.#ask("OffsetCommit", (group) => group.commit(membership, offsets), options, usualMs);
  }

  async #ask<T>(
    request: string,
    body: (group: SimulatedGroup) => T | Promise<T>,
    { timeoutMs }: CallOptions = {},
    forMs: number,
    heldMs?: number,
  ): Promise<T> {
    const { clock } = this.#view;
    let overdue = false;
    const asking = this.#view.retrying(
      () =>
        this.#view.coordinator(
          `g/${this.#groupId}`,
          request,
          (node) => body(this.#brokers.groupAt(node, this.#groupId)),
          heldMs,
        ),
      { forMs: timeoutMs ?? forMs, goOn: () => !overdue },
    );
    if (timeoutMs === undefined) return asking;
    return new Promise((resolve, reject) => {
      const timer = clock.setTimeout(() => {
        overdue = true;
        reject(
          new TransportError(
            `${request} to group "${this.#groupId}": no answer within ${timeoutMs} ms`,
            "NETWORK",
            "retry",
          ),
        );
      }, timeoutMs);
      asking.then(resolve, reject).finally(() => clock.clearTimeout(timer));
    });
  }
}
