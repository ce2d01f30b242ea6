import type { AssignedPartitions } from "./assignment.ts";
import { chooseSubTopologies, type IdleSubTopology, overlap } from "./choose-sub-topologies.ts";
import { shareOut } from "./share-out.ts";
import type { OfferedSubTopology, SubTopologyDescription } from "./subscription.ts";
import { TaskClaims } from "./task-claims.ts";

/** What the assignor knows of a member: its subscription. What is known of states and their lags will stand here, too. */
export interface AssignableMember {
  readonly memberId: string;
  readonly generation: number;
  readonly offers: readonly OfferedSubTopology[];
}

export interface GroupAssignment {
  /** By member id; every member has an entry. */
  readonly assigned: ReadonlyMap<string, readonly AssignedPartitions[]>;
  /** Members that have tasks which are meant for others. */
  readonly giving: ReadonlySet<string>;
  /** What members have, and nobody gets. */
  readonly idle: readonly IdleSubTopology[];
}

/**
 * Gives every task to a member that can run it: each sub-topology's, and all together, as evenly as whole tasks allow,
 * and to whoever has it already where that fits. A task that has to move is given to nobody at first, only taken away
 * (KIP-429): its owner commits it, gives it up and joins again, and that next round gives it to the member it is meant
 * for. So does a task whose records, or state, belong to another sub-topology's until then. Deterministic.
 */
export const assignTasks = (members: readonly AssignableMember[]): GroupAssignment => {
  const sorted = [...members].toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const { chosen, idle } = chooseSubTopologies(sorted);
  const claims = new TaskClaims(sorted);
  const assigned = new Map(sorted.map(({ memberId }) => [memberId, [] as AssignedPartitions[]]));
  const giving = new Set<string>();
  for (const { subTopology, shares } of shareOut(chosen, sorted, claims)) {
    const rivals = rivalsOf(subTopology, sorted);
    for (const [memberId, partitions] of shares) {
      const free = partitions.filter((partition) => {
        const holders = rivals.flatMap((identity) => claims.owner(identity, partition) ?? []);
        const owner = claims.owner(subTopology.identity, partition);
        if (owner !== undefined && owner !== memberId) holders.push(owner);
        for (const holder of holders) giving.add(holder);
        return holders.length === 0;
      });
      if (free.length > 0)
        assigned
          .get(memberId)
          ?.push({ identity: subTopology.identity, partitions: free.toSorted((a, b) => a - b) });
    }
  }
  return { assigned, giving, idle };
};

/** Identities of sub-topologies, known to whatever member, of which no task may run beside this one's. */
const rivalsOf = (
  subTopology: SubTopologyDescription,
  members: readonly AssignableMember[],
): readonly string[] => [
  ...new Set(
    members
      .flatMap(({ offers }) => offers)
      .filter((other) => other.identity !== subTopology.identity && overlap(other, subTopology))
      .map(({ identity }) => identity),
  ),
];
