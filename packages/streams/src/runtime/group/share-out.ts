import type { AssignableMember } from "./assignable-member.ts";
import type { SubTopologyDescription } from "./subscription.ts";
import type { TaskClaims } from "./task-claims.ts";
import { readiness, type TaskLags } from "./task-lags.ts";

interface Runner {
  readonly memberId: string;
  /** It knows of this many partitions, and can't run the others. */
  readonly tasks: number;
  readonly owned: readonly number[];
  /** Tasks that nobody runs, and that it could run soonest. */
  readonly near: number;
  quota: number;
  readonly partitions: number[];
}

export interface SharedSubTopology {
  readonly subTopology: SubTopologyDescription;
  /** The partitions that each member should run in the end. */
  readonly shares: ReadonlyMap<string, readonly number[]>;
}

/**
 * Who should run what in the end, whoever has it now. Each sub-topology is shared out evenly among those that can run
 * it; the tasks that are left over, fewer than there are members, go to whoever has least of everything. Within that,
 * tasks stay where they are, and else go to where their state is.
 */
export const shareOut = (
  subTopologies: readonly SubTopologyDescription[],
  members: readonly AssignableMember[],
  claims: TaskClaims,
  lags: TaskLags,
): readonly SharedSubTopology[] => {
  const load = new Map<string, number>();
  const add = (memberId: string, count: number): void =>
    void load.set(memberId, (load.get(memberId) ?? 0) + count);
  const shared = subTopologies.map((subTopology) => {
    const runners = runnersOf(subTopology, members, claims, lags);
    const least = Math.floor(subTopology.tasks / runners.length);
    for (const runner of runners) {
      runner.quota = least;
      add(runner.memberId, least);
    }
    return { subTopology, runners, least };
  });
  for (const { subTopology, runners, least } of shared) {
    const loadOf = ({ memberId }: Runner): number => load.get(memberId) ?? 0;
    const has = ({ owned, near }: Runner): number => Math.min(owned.length + near, least + 1);
    // Those that have one more keep it, where that is even: fewer tasks move.
    const byNeed = runners.toSorted((a, b) => loadOf(a) - loadOf(b) || has(b) - has(a));
    for (const runner of byNeed.slice(0, subTopology.tasks % runners.length)) {
      runner.quota++;
      add(runner.memberId, 1);
    }
  }
  return shared.map(({ subTopology, runners }) => {
    place(subTopology, runners, lags);
    return {
      subTopology,
      shares: new Map(runners.map(({ memberId, partitions }) => [memberId, partitions])),
    };
  });
};

const runnersOf = (
  { identity, tasks }: SubTopologyDescription,
  members: readonly AssignableMember[],
  claims: TaskClaims,
  lags: TaskLags,
): readonly Runner[] => {
  const orphans = Array.from({ length: tasks }, (_, partition) => partition).filter(
    (partition) => claims.owner(identity, partition) === undefined && lags.knows(identity, partition),
  );
  return members.flatMap(({ memberId, offers }) => {
    const offer = offers.find((offered) => offered.identity === identity);
    if (offer === undefined) return [];
    const owned = claims.ownedBy(memberId, identity).filter((partition) => partition < offer.tasks);
    const near = orphans.filter((partition) => lags.isStandby(memberId, identity, partition)).length;
    return [{ memberId, tasks: offer.tasks, owned, near, quota: 0, partitions: [] }];
  });
};

const room = ({ quota, partitions }: Runner): number => quota - partitions.length;

const place = (subTopology: SubTopologyDescription, runners: readonly Runner[], lags: TaskLags): void => {
  const placed = new Set<number>();
  const give = (runner: Runner, partition: number): void => {
    runner.partitions.push(partition);
    placed.add(partition);
  };
  for (const runner of runners)
    for (const partition of kept(subTopology, runner, runners, lags)) give(runner, partition);
  for (const { runner, partition } of byNearness(subTopology, runners, placed, lags))
    if (!placed.has(partition) && room(runner) > 0) give(runner, partition);
  // From the last: a member whose look at the topics is older can run only the first ones.
  for (let partition = subTopology.tasks - 1; partition >= 0; partition--) {
    if (placed.has(partition)) continue;
    const able = runners.filter((runner) => runner.tasks > partition);
    const [first] = able.toSorted((a, b) => room(b) - room(a));
    if (first !== undefined) give(first, partition);
  }
};

/** What a member keeps of what it runs: where it has too much, those that others could run soonest go. */
const kept = (
  { identity }: SubTopologyDescription,
  { memberId, owned, quota }: Runner,
  runners: readonly Runner[],
  lags: TaskLags,
): readonly number[] => {
  if (owned.length <= quota) return owned;
  const elsewhere = (partition: number): number => {
    if (!lags.knows(identity, partition)) return readiness.cold;
    const others = runners.filter((other) => other.memberId !== memberId);
    return Math.min(...others.map((other) => lags.readinessOf(other.memberId, identity, partition)));
  };
  return owned
    .map((partition) => ({ partition, elsewhere: elsewhere(partition) }))
    .toSorted((a, b) => b.elsewhere - a.elsewhere)
    .slice(0, quota)
    .map(({ partition }) => partition);
};

/** Tasks that have state and no place yet, beside who could run them, the nearest first. */
const byNearness = (
  { identity, tasks }: SubTopologyDescription,
  runners: readonly Runner[],
  placed: ReadonlySet<number>,
  lags: TaskLags,
): readonly { readonly runner: Runner; readonly partition: number }[] => {
  const pairs: { runner: Runner; partition: number; readiness: number; lag: number }[] = [];
  for (let partition = 0; partition < tasks; partition++) {
    if (placed.has(partition) || !lags.knows(identity, partition)) continue;
    for (const runner of runners) {
      if (runner.tasks <= partition || room(runner) <= 0) continue;
      const ready = lags.readinessOf(runner.memberId, identity, partition);
      if (ready === readiness.cold) continue;
      const lag = lags.lagOf(runner.memberId, identity, partition);
      pairs.push({ runner, partition, readiness: ready, lag });
    }
  }
  return pairs.toSorted((a, b) => a.readiness - b.readiness || a.lag - b.lag);
};
