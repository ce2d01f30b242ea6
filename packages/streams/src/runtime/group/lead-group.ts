import type { JoinResponse } from "../../transport/group-coordinator.ts";
import type { Log } from "../../log.ts";
import type { AssignableMember } from "./assignable-member.ts";
import type { AssignmentPolicy } from "./assignment-policy.ts";
import { assignTasks } from "./assign-tasks.ts";
import { encodeAssignment } from "./assignment.ts";
import type { HostTasks } from "./host-tasks.ts";
import type { IdleSubTopology } from "./choose-sub-topologies.ts";
import { partitionsRead } from "./local-tasks.ts";
import { offersMark } from "./offers-mark.ts";
import type { RunnableSubTopology } from "./runnable.ts";
import { decodeSubscription } from "./subscription.ts";

export interface LedGroup {
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Buffer }[];
  readonly idle: readonly IdleSubTopology[];
  /** Members whose subscriptions say nothing that this one understands: they get nothing. */
  readonly mute: readonly string[];
}

/** What the leader makes of everybody's subscriptions. */
export const leadGroup = (
  { members, leaderId }: Pick<JoinResponse, "members" | "leaderId">,
  runnable: readonly RunnableSubTopology[],
  policy: AssignmentPolicy,
): LedGroup => {
  const mute: string[] = [];
  const endpoints = new Map<string, string>();
  let stop: string | undefined;
  const assignable = members.map(({ memberId, metadata }): AssignableMember => {
    const subscription = decodeSubscription(metadata);
    if (subscription === undefined) mute.push(memberId);
    stop ??= subscription?.stop;
    if (subscription?.endpoint !== undefined) endpoints.set(memberId, subscription.endpoint);
    return {
      memberId,
      generation: subscription?.generation ?? -1,
      offers: subscription?.offers ?? [],
      tags: subscription?.tags,
    };
  });
  const { assigned, standbys, next, giving, probing, idle } = assignTasks(assignable, policy);
  const marks = new Map(
    assignable.map(({ memberId, offers }) => [memberId, offersMark(offers, endpoints.get(memberId))]),
  );
  const hosts = [...endpoints].map(([memberId, endpoint]): HostTasks => ({
    endpoint,
    tasks: assigned.get(memberId) ?? [],
    standbys: standbys.get(memberId) ?? [],
  }));
  return {
    assignments: [...assigned].map(([memberId, tasks]) => ({
      memberId,
      assignment: encodeAssignment(
        {
          tasks,
          standbys: standbys.get(memberId) ?? [],
          next: next.get(memberId) ?? [],
          probing: probing && memberId === leaderId,
          hosts,
          giving: giving.has(memberId),
          madeFor: marks.get(memberId),
          stop,
        },
        partitionsRead(runnable, tasks),
      ),
    })),
    idle,
    mute,
  };
};

/** Says what nobody runs, and why. */
export const tellIdle = (log: Log, groupId: string, { idle, mute }: LedGroup): void => {
  for (const { identity, sources, stores, insteadOf, unread } of idle)
    log(
      unread.length > 0 ? "warn" : "info",
      `nobody in group "${groupId}" runs the sub-topology that reads ${list(sources)}` +
        (stores.length > 0 ? ` and keeps ${list(stores)}` : "") +
        `: another version of the topology reads or keeps the same in another way (${insteadOf.join("; ")}), and more ` +
        "members have that one" +
        (unread.length > 0 ? `; nobody reads ${list(unread)} until all members have the same version` : ""),
      { identity, sources, stores, insteadOf, unread },
    );
  for (const member of mute)
    log(
      "warn",
      `member "${member}" of group "${groupId}" speaks another language, and gets no tasks: upgrade it, or stop it`,
      { member },
    );
};

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");
