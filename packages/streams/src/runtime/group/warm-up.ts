import type { TaskClaims } from "./task-claims.ts";
import type { TaskLags } from "./task-lags.ts";

/** A task, and where it is to run in the end. */
export interface TargetedTask {
  readonly identity: string;
  readonly partition: number;
  readonly target: string;
  /** Members that know of it, in the order of their ids. */
  readonly able: readonly string[];
}

/** Where a task runs meanwhile: at its target, unless somebody else has its state and the target has not (KIP-441). */
export interface PlacedTask extends TargetedTask {
  readonly active: string;
}

/**
 * A task goes to its target when that is caught up, and as well where nobody is; else it stays where it runs, or goes to
 * who has most of its state, until the target has warmed up.
 */
export const runsAt = (task: TargetedTask, claims: TaskClaims, lags: TaskLags): PlacedTask => {
  const { identity, partition, target, able } = task;
  const isCaughtUp = (memberId: string): boolean => lags.isCaughtUp(memberId, identity, partition);
  // One that can't warm up would be waited for in vain.
  if (isCaughtUp(target) || !lags.mayKeep(target, identity)) return { ...task, active: target };
  const owner = claims.owner(identity, partition);
  const holder = owner !== undefined && able.includes(owner) ? owner : undefined;
  if (holder !== undefined && isCaughtUp(holder)) return { ...task, active: holder };
  const lagOf = (memberId: string): number => lags.lagOf(memberId, identity, partition);
  // Of two that lack the same the target has it: nothing moves later.
  const [nearest = target] = able.toSorted(
    (a, b) => lagOf(a) - lagOf(b) || Number(b === target) - Number(a === target),
  );
  return { ...task, active: isCaughtUp(nearest) ? nearest : (holder ?? nearest) };
};

/** Those that may begin, or go on, to warm up: at most `limit`, those first that are nearest to their ends. */
export const chooseWarmUps = <W extends { readonly lag: number; readonly isUnderWay: boolean }>(
  wanted: readonly W[],
  limit: number,
): ReadonlySet<W> =>
  new Set(
    wanted
      .toSorted((a, b) => Number(b.isUnderWay) - Number(a.isUnderWay) || a.lag - b.lag)
      .slice(0, Math.max(0, limit)),
  );
