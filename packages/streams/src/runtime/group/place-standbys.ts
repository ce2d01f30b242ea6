import type { TaskLags } from "./task-lags.ts";
import type { PlacedTask } from "./warm-up.ts";

/** Where standbys go, and what tells members apart. */
export interface StandbyPlacement {
  readonly lags: TaskLags;
  /** How many of each task (`num.standby.replicas`). */
  readonly replicas: number;
  /** Members that run a task now, and would have its state after it has gone elsewhere. */
  readonly ownerOf: (task: PlacedTask) => string | undefined;
  /** How many of the tags that keep standbys apart have another value in the one member than in all of the others. */
  readonly distance: (memberId: string, others: readonly string[]) => number;
}

interface StandbyTask {
  readonly task: PlacedTask;
  /** Members that may keep one: not who runs the task in the end. */
  readonly able: readonly string[];
  readonly wanted: number;
  readonly members: string[];
}

/**
 * Who keeps the standbys of each task in the end: never its target, as many members as are wanted and there are, evenly,
 * and those who keep them already where that fits. Where tags tell members apart, as far from each other as can be.
 */
export const placeStandbys = (
  tasks: readonly PlacedTask[],
  placement: StandbyPlacement,
): ReadonlyMap<PlacedTask, readonly string[]> => {
  const { lags, replicas } = placement;
  const load = new Map<string, number>();
  const standbys = tasks.map((task): StandbyTask => {
    const able = task.able.filter((id) => id !== task.target && lags.mayKeep(id, task.identity));
    for (const id of able) load.set(id, 0);
    return { task, able, wanted: Math.min(replicas, able.length), members: [] };
  });
  for (const standby of standbys) keep(standby, load, placement);
  for (const standby of standbys) fill(standby, load, placement);
  while (even(standbys, load, placement));
  return new Map(standbys.map(({ task, members }) => [task, members]));
};

const count = (load: Map<string, number>, id: string, more: number): void =>
  void load.set(id, (load.get(id) ?? 0) + more);

/** Those who have it already, or will have had it. */
const keep = (standby: StandbyTask, load: Map<string, number>, placement: StandbyPlacement): void => {
  const { task, able, wanted, members } = standby;
  const { lags, ownerOf } = placement;
  const { identity, partition } = task;
  const has = able.filter((id) => lags.isStandby(id, identity, partition) || ownerOf(task) === id);
  const late = (id: string): number => Number(!lags.isCaughtUp(id, identity, partition));
  for (const id of has
    .toSorted((a, b) => late(a) - late(b) || (load.get(a) ?? 0) - (load.get(b) ?? 0))
    .slice(0, wanted)) {
    members.push(id);
    count(load, id, 1);
  }
};

const fill = (standby: StandbyTask, load: Map<string, number>, placement: StandbyPlacement): void => {
  const { task, able, wanted, members } = standby;
  const { lags, distance } = placement;
  while (members.length < wanted) {
    const others = [task.target, ...members];
    const lagOf = (id: string): number => lags.lagOf(id, task.identity, task.partition);
    const [next] = able
      .filter((id) => !members.includes(id))
      .toSorted(
        (a, b) =>
          distance(b, others) - distance(a, others) ||
          (load.get(a) ?? 0) - (load.get(b) ?? 0) ||
          lagOf(a) - lagOf(b),
      );
    if (next === undefined) return;
    members.push(next);
    count(load, next, 1);
  }
};

/** Moves one standby from who keeps many to who keeps at least two fewer; false where none can. */
const even = (
  standbys: readonly StandbyTask[],
  load: Map<string, number>,
  { lags, distance }: StandbyPlacement,
): boolean => {
  const ids = [...load.keys()].toSorted((a, b) => (load.get(b) ?? 0) - (load.get(a) ?? 0));
  for (const from of ids)
    for (const to of ids.toReversed()) {
      if ((load.get(from) ?? 0) - (load.get(to) ?? 0) < 2) break;
      const movable = standbys.filter(({ task, able, members }) => {
        if (!members.includes(from) || members.includes(to) || !able.includes(to)) return false;
        const others = [task.target, ...members.filter((id) => id !== from)];
        return distance(to, others) >= distance(from, others);
      });
      // One that is on its way there already, or has little to read there.
      const [first] = movable.toSorted(
        (a, b) =>
          lags.readinessOf(to, a.task.identity, a.task.partition) -
          lags.readinessOf(to, b.task.identity, b.task.partition),
      );
      if (first === undefined) continue;
      first.members.splice(first.members.indexOf(from), 1, to);
      count(load, from, -1);
      count(load, to, 1);
      return true;
    }
  return false;
};
