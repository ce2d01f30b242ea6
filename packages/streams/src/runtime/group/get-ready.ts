import type { AssignableMember } from "./assignable-member.ts";
import type { AssignmentPolicy } from "./assignment-policy.ts";
import { placeStandbys } from "./place-standbys.ts";
import type { TaskClaims } from "./task-claims.ts";
import type { TaskLags } from "./task-lags.ts";
import { chooseWarmUps, type PlacedTask } from "./warm-up.ts";

interface Standby {
  readonly memberId: string;
  readonly identity: string;
  readonly partition: number;
}

/** Who keeps standbys, and whether that is not yet how it is to be. */
export interface GettingReady {
  readonly standbys: readonly Standby[];
  /** Something warms up, or waits for its turn to do so. */
  readonly probing: boolean;
}

/** A state that is built where it is to go, while somebody else has it. */
interface WarmUp extends Standby {
  readonly lag: number;
  readonly isUnderWay: boolean;
  /** Keeps its standby until this one is caught up, and beyond where there is no room to begin. */
  readonly keeper: string | undefined;
}

/** What all that a placement depends on is known from. */
interface Known {
  readonly claims: TaskClaims;
  readonly lags: TaskLags;
  readonly policy: AssignmentPolicy;
}

/** Standbys of all tasks, and states that warm up for tasks, or standbys, which are to move. */
export const getReady = (
  tasks: readonly PlacedTask[],
  members: readonly AssignableMember[],
  known: Known,
): GettingReady => {
  const { claims, lags, policy } = known;
  const standbys: Standby[] = [];
  const moves: WarmUp[] = [];
  const others: WarmUp[] = [];
  const warmUp = (task: PlacedTask, memberId: string, keeper?: string): WarmUp => {
    const { identity, partition } = task;
    const isUnderWay = lags.isStandby(memberId, identity, partition);
    return {
      memberId,
      identity,
      partition,
      lag: lags.lagOf(memberId, identity, partition),
      isUnderWay,
      keeper,
    };
  };
  const placed = placeStandbys(tasks, {
    lags,
    replicas: policy.standbyReplicas,
    ownerOf: ({ identity, partition }) => claims.owner(identity, partition),
    distance: distanceBy(members, policy.rackAwareAssignmentTags),
  });
  for (const [task, final] of placed) {
    const { identity, partition, active, target } = task;
    // Where it runs meanwhile there is no standby of it: its place is the target's.
    let now = final.map((id) => (id === active ? target : id));
    // Nor does a standby go from where it is to become the task before that: its next place is taken then.
    if (active !== target && !now.includes(target) && lags.isStandby(target, identity, partition)) {
      const idle = now.findLast((id) => !lags.isStandby(id, identity, partition));
      now = now.map((id) => (id === idle ? target : id));
    }
    if (active !== target && !now.includes(target)) moves.push(warmUp(task, target));
    const keepers = task.able.filter(
      (id) =>
        id !== active &&
        !now.includes(id) &&
        lags.isStandby(id, identity, partition) &&
        lags.isCaughtUp(id, identity, partition),
    );
    for (const memberId of now) {
      const isThere = memberId === target || lags.isCaughtUp(memberId, identity, partition);
      const keeper = isThere ? undefined : keepers.shift();
      if (keeper === undefined) standbys.push({ memberId, identity, partition });
      else others.push(warmUp(task, memberId, keeper));
    }
  }
  const limit = policy.maxWarmupReplicas;
  const chosen = new Set([
    ...chooseWarmUps(moves, limit),
    ...chooseWarmUps(others, limit - Math.min(limit, moves.length)),
  ]);
  for (const { identity, partition, keeper } of [...moves, ...others])
    if (keeper !== undefined) standbys.push({ memberId: keeper, identity, partition });
  for (const { memberId, identity, partition } of chosen) standbys.push({ memberId, identity, partition });
  const waits = tasks.some(({ active, target }) => active !== target);
  return { standbys, probing: waits || others.length > 0 };
};

/** In how many of the tags a member differs from all of the others. */
const distanceBy = (
  members: readonly AssignableMember[],
  tags: readonly string[],
): ((memberId: string, others: readonly string[]) => number) => {
  const tagsOf = new Map(members.map(({ memberId, tags: own }) => [memberId, own ?? {}]));
  return (memberId, others) =>
    tags.filter((tag) => {
      const value = tagsOf.get(memberId)?.[tag];
      return others.every((other) => value === undefined || tagsOf.get(other)?.[tag] !== value);
    }).length;
};
