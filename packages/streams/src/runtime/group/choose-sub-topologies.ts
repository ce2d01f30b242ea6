import type { AssignableMember } from "./assignable-member.ts";
import type { SubTopologyDescription } from "./subscription.ts";

/** A sub-topology that members have, and that is given to nobody. */
export interface IdleSubTopology extends SubTopologyDescription {
  /** Identities of those that run and read the same topics, or keep the same stores. */
  readonly insteadOf: readonly string[];
  /** Those of its source topics that nobody reads meanwhile. */
  readonly unread: readonly string[];
}

export interface ChosenSubTopologies {
  /** Whose tasks are assigned, in the order of their identities. */
  readonly chosen: readonly SubTopologyDescription[];
  readonly idle: readonly IdleSubTopology[];
}

interface Candidate extends SubTopologyDescription {
  /** How many members can run it. */
  votes: number;
  /** How many of its tasks run now. */
  owned: number;
}

/**
 * Which of the sub-topologies that members have are run. Where versions of a topology cut what they read or keep in
 * different ways, only one of the cuts is, or records would be processed twice: the one that most members can run; of
 * two that equally many can, the one with more tasks running (nothing moves before it must); then the first by
 * identity. A rolling upgrade changes over once, when more than half of the members are new.
 */
export const chooseSubTopologies = (members: readonly AssignableMember[]): ChosenSubTopologies => {
  const chosen: Candidate[] = [];
  const passedOver: Candidate[] = [];
  for (const candidate of candidatesOf(members).toSorted(byPreference))
    (chosen.some((other) => overlap(candidate, other)) ? passedOver : chosen).push(candidate);
  const read = new Set(chosen.flatMap(({ sources }) => sources));
  return {
    chosen: chosen.map(described).toSorted(byIdentity),
    idle: passedOver.toSorted(byIdentity).map((candidate) => ({
      ...described(candidate),
      insteadOf: chosen
        .filter((other) => overlap(candidate, other))
        .map(({ identity }) => identity)
        .toSorted(),
      unread: candidate.sources.filter((topic) => !read.has(topic)),
    })),
  };
};

/** Whether running both would process records, or keep state, twice. */
export const overlap = (a: SubTopologyDescription, b: SubTopologyDescription): boolean =>
  a.sources.some((topic) => b.sources.includes(topic)) || a.stores.some((store) => b.stores.includes(store));

const candidatesOf = (members: readonly AssignableMember[]): readonly Candidate[] => {
  const candidates = new Map<string, Candidate>();
  for (const { offers } of members)
    for (const { identity, sources, stores, tasks, owned } of offers) {
      const known = candidates.get(identity);
      // Members may have looked at the topics at different times: the greater number is the newer one.
      candidates.set(identity, {
        identity,
        // What patterns have found, too, may be newer with one than with another.
        sources: [...new Set([...sources, ...(known?.sources ?? [])])],
        stores,
        tasks: Math.max(tasks, known?.tasks ?? 0),
        votes: (known?.votes ?? 0) + 1,
        owned: (known?.owned ?? 0) + owned.length,
      });
    }
  return [...candidates.values()];
};

const described = ({ identity, sources, stores, tasks }: Candidate): SubTopologyDescription => ({
  identity,
  sources,
  stores,
  tasks,
});

const byPreference = (a: Candidate, b: Candidate): number =>
  b.votes - a.votes || b.owned - a.owned || byIdentity(a, b);

const byIdentity = (a: SubTopologyDescription, b: SubTopologyDescription): number =>
  a.identity < b.identity ? -1 : 1;
