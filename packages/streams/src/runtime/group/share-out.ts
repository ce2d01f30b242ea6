import type { AssignableMember } from "./assign-tasks.ts";
import type { SubTopologyDescription } from "./subscription.ts";
import type { TaskClaims } from "./task-claims.ts";

interface Runner {
  readonly memberId: string;
  /** It knows of this many partitions, and can't run the others. */
  readonly tasks: number;
  readonly owned: readonly number[];
  quota: number;
  readonly partitions: number[];
}

export interface SharedSubTopology {
  readonly subTopology: SubTopologyDescription;
  /** The partitions that each member should run in the end. */
  readonly shares: ReadonlyMap<string, readonly number[]>;
}

/**
 * Who should run what, whoever has it now. Each sub-topology is shared out evenly among those that can run it; the
 * tasks that are left over, fewer than there are members, go to whoever has least of everything.
 */
export const shareOut = (
  subTopologies: readonly SubTopologyDescription[],
  members: readonly AssignableMember[],
  claims: TaskClaims,
): readonly SharedSubTopology[] => {
  const load = new Map<string, number>();
  const add = (memberId: string, count: number): void =>
    void load.set(memberId, (load.get(memberId) ?? 0) + count);
  const shared = subTopologies.map((subTopology) => {
    const runners = runnersOf(subTopology, members, claims);
    const least = Math.floor(subTopology.tasks / runners.length);
    for (const runner of runners) {
      runner.quota = least;
      add(runner.memberId, least);
    }
    return { subTopology, runners, least };
  });
  for (const { subTopology, runners, least } of shared) {
    const loadOf = ({ memberId }: Runner): number => load.get(memberId) ?? 0;
    const has = ({ owned }: Runner): number => Math.min(owned.length, least + 1);
    // Those that have one more keep it, where that is even: fewer tasks move.
    const byNeed = runners.toSorted((a, b) => loadOf(a) - loadOf(b) || has(b) - has(a));
    for (const runner of byNeed.slice(0, subTopology.tasks % runners.length)) {
      runner.quota++;
      add(runner.memberId, 1);
    }
  }
  return shared.map(({ subTopology, runners }) => {
    place(subTopology, runners);
    return {
      subTopology,
      shares: new Map(runners.map(({ memberId, partitions }) => [memberId, partitions])),
    };
  });
};

const runnersOf = (
  { identity }: SubTopologyDescription,
  members: readonly AssignableMember[],
  claims: TaskClaims,
): readonly Runner[] =>
  members.flatMap(({ memberId, offers }) => {
    const offer = offers.find((offered) => offered.identity === identity);
    if (offer === undefined) return [];
    const owned = claims.ownedBy(memberId, identity).filter((partition) => partition < offer.tasks);
    return [{ memberId, tasks: offer.tasks, owned, quota: 0, partitions: [] }];
  });

const place = ({ tasks }: SubTopologyDescription, runners: readonly Runner[]): void => {
  const kept = new Set<number>();
  for (const { owned, quota, partitions } of runners)
    for (const partition of owned.slice(0, quota)) {
      partitions.push(partition);
      kept.add(partition);
    }
  // From the last: a member whose look at the topics is older can run only the first ones.
  for (let partition = tasks - 1; partition >= 0; partition--) {
    if (kept.has(partition)) continue;
    const able = runners.filter((runner) => runner.tasks > partition);
    const room = ({ quota, partitions }: Runner): number => quota - partitions.length;
    able.toSorted((a, b) => room(b) - room(a))[0]?.partitions.push(partition);
  }
};
