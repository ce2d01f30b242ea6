import type { AssignableMember } from "./assignable-member.ts";
import type { AssignedPartitions } from "./assigned-partitions.ts";
import type { AssignmentPolicy } from "./assignment-policy.ts";
import { chooseSubTopologies, type IdleSubTopology, overlap } from "./choose-sub-topologies.ts";
import { getReady } from "./get-ready.ts";
import { shareOut } from "./share-out.ts";
import type { SubTopologyDescription } from "./subscription.ts";
import { TaskClaims } from "./task-claims.ts";
import { TaskLags } from "./task-lags.ts";
import { type PlacedTask, runsAt } from "./warm-up.ts";

export interface GroupAssignment {
  /** By member id; every member has an entry. */
  readonly assigned: ReadonlyMap<string, readonly AssignedPartitions[]>;
  /** Standbys, among them those that warm up: by member id, every member has an entry. */
  readonly standbys: ReadonlyMap<string, readonly AssignedPartitions[]>;
  /** Those of the standbys that are to become tasks: by member id, every member has an entry. */
  readonly next: ReadonlyMap<string, readonly AssignedPartitions[]>;
  /** Members that have tasks which are meant for others. */
  readonly giving: ReadonlySet<string>;
  /** Something is to move as soon as its next place is caught up: the group has to be asked again later. */
  readonly probing: boolean;
  /** What members have, and nobody gets. */
  readonly idle: readonly IdleSubTopology[];
}

/**
 * Gives every task to a member that can run it: each sub-topology's, and all together, as evenly as whole tasks allow,
 * and to whoever has it already where that fits. A task that has to move is given to nobody at first, only taken away
 * (KIP-429): its owner commits it, gives it up and joins again, and that next round gives it to the member it is meant
 * for. So does a task whose records, or state, belong to another sub-topology's until then.
 *
 * A task whose state would have to be read from its beginning does not move before a standby of it is caught up where it
 * goes (KIP-441): meanwhile it runs where its state is. Pure and deterministic.
 */
export const assignTasks = (
  members: readonly AssignableMember[],
  policy: AssignmentPolicy,
): GroupAssignment => {
  const sorted = [...members].toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const { chosen, idle } = chooseSubTopologies(sorted);
  const claims = new TaskClaims(sorted);
  const lags = new TaskLags(sorted, policy.acceptableRecoveryLag);
  const assigned = new TasksByMember(sorted);
  const standbys = new TasksByMember(sorted);
  const next = new TasksByMember(sorted);
  const giving = new Set<string>();
  const tasks = placedTasks(chosen, sorted, claims, lags);
  const rivals = new Map(chosen.map((one) => [one.identity, rivalsOf(one, sorted)]));
  for (const { identity, partition, active } of tasks) {
    const holders = (rivals.get(identity) ?? []).flatMap((rival) => claims.owner(rival, partition) ?? []);
    const owner = claims.owner(identity, partition);
    if (owner !== undefined && owner !== active) holders.push(owner);
    for (const holder of holders) giving.add(holder);
    if (holders.length === 0) assigned.add(active, identity, partition);
    // Until it is given away where it is, whoever gets it next keeps what there is of its state.
    else if (lags.mayKeep(active, identity)) standbys.add(active, identity, partition);
  }
  const ready = getReady(tasks, sorted, { claims, lags, policy });
  for (const { memberId, identity, partition } of ready.standbys) standbys.add(memberId, identity, partition);
  for (const { identity, partition, target } of tasks)
    if (standbys.has(target, identity, partition)) next.add(target, identity, partition);
  return {
    assigned: assigned.byMember(),
    standbys: standbys.byMember(),
    next: next.byMember(),
    giving,
    probing: ready.probing,
    idle,
  };
};

const placedTasks = (
  chosen: readonly SubTopologyDescription[],
  members: readonly AssignableMember[],
  claims: TaskClaims,
  lags: TaskLags,
): readonly PlacedTask[] =>
  shareOut(chosen, members, claims, lags).flatMap(({ subTopology: { identity }, shares }) => {
    const offers = members.flatMap(({ memberId, offers: all }) =>
      all.filter((offer) => offer.identity === identity).map(({ tasks }) => ({ memberId, tasks })),
    );
    return [...shares]
      .flatMap(([target, partitions]) => partitions.map((partition) => ({ target, partition })))
      .toSorted((a, b) => a.partition - b.partition)
      .map(({ target, partition }) => {
        const able = offers.filter(({ tasks }) => tasks > partition).map(({ memberId }) => memberId);
        return runsAt({ identity, partition, target, able }, claims, lags);
      });
  });

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

/** Tasks of each member, each once. */
class TasksByMember {
  readonly #members: Map<string, Map<string, Set<number>>>;

  constructor(members: readonly AssignableMember[]) {
    this.#members = new Map(members.map(({ memberId }) => [memberId, new Map<string, Set<number>>()]));
  }

  add(memberId: string, identity: string, partition: number): void {
    const tasks = this.#members.get(memberId);
    const partitions = tasks?.get(identity) ?? new Set<number>();
    tasks?.set(identity, partitions.add(partition));
  }

  has(memberId: string, identity: string, partition: number): boolean {
    return this.#members.get(memberId)?.get(identity)?.has(partition) === true;
  }

  byMember(): ReadonlyMap<string, readonly AssignedPartitions[]> {
    return new Map(
      [...this.#members].map(([memberId, tasks]) => [
        memberId,
        [...tasks].map(([identity, partitions]) => ({
          identity,
          partitions: [...partitions].toSorted((a, b) => a - b),
        })),
      ]),
    );
  }
}
