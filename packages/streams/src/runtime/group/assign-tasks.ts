/** What the assignor knows of a member. */
export interface AssignableMember {
  readonly memberId: string;
  /** Tasks that it is running now, ids as `<sub-topology>_<partition>`. */
  readonly owned: readonly string[];
  /** Generation in which it got them: of two that claim a task the later one has it. */
  readonly generation: number;
}

/**
 * Gives every task to a member: as evenly as whole tasks allow, and to whoever has it already where that fits. A
 * task that has to move is given to nobody at first, only taken away (KIP-429): its owner commits it, gives it up and
 * joins again, and that next round gives it to the member it is meant for. Deterministic.
 */
export const assignTasks = (
  tasks: readonly string[],
  members: readonly AssignableMember[],
): ReadonlyMap<string, readonly string[]> => {
  const sorted = [...members].toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const owners = ownersOf(tasks, sorted);
  const assigned = new Map(sorted.map(({ memberId }) => [memberId, [] as string[]]));
  if (sorted.length === 0) return assigned;
  const least = Math.floor(tasks.length / sorted.length);
  let withOneMore = tasks.length % sorted.length;
  const unplaced = new Set(tasks);
  // Those that have most keep the one more that not everybody can have: fewer tasks move.
  const byOwned = sorted
    .map(({ memberId }) => ({ memberId, own: tasks.filter((task) => owners.get(task) === memberId) }))
    .toSorted((a, b) => b.own.length - a.own.length);
  for (const { memberId, own } of byOwned) {
    const quota = own.length > least && withOneMore > 0 ? least + 1 : least;
    if (own.length > least && quota > least) withOneMore--;
    for (const task of own.slice(0, quota)) {
      assigned.get(memberId)?.push(task);
      unplaced.delete(task);
    }
  }
  for (const task of unplaced) {
    const target = leastLoaded(assigned);
    // Still another's: it is placed only once that one has given it up.
    if (owners.has(task) && owners.get(task) !== target) {
      assigned.get(target)?.push(withheld);
      continue;
    }
    assigned.get(target)?.push(task);
  }
  return new Map(
    [...assigned].map(([memberId, list]) => [memberId, list.filter((task) => task !== withheld)]),
  );
};

/** Keeps the place of a task that its future member does not get yet. */
const withheld = "";

const ownersOf = (
  tasks: readonly string[],
  members: readonly AssignableMember[],
): ReadonlyMap<string, string> => {
  const claims = new Map<string, AssignableMember>();
  const known = new Set(tasks);
  for (const member of members)
    for (const task of member.owned) {
      const other = claims.get(task);
      if (known.has(task) && (other === undefined || other.generation < member.generation))
        claims.set(task, member);
    }
  return new Map([...claims].map(([task, { memberId }]) => [task, memberId]));
};

const leastLoaded = (assigned: ReadonlyMap<string, readonly string[]>): string => {
  let least: string | undefined;
  for (const [memberId, tasks] of assigned)
    if (least === undefined || tasks.length < (assigned.get(least)?.length ?? 0)) least = memberId;
  if (least === undefined) throw new Error("there are no members");
  return least;
};
