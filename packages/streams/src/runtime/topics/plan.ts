import { MillraceError, TopologyError } from "../../errors.ts";
import { checkOwnTopics } from "../../own-topics.ts";
import type { StageNode } from "../../stages.ts";
import type { SubTopology } from "../../sub-topology.ts";
import type { Topology } from "../../topology.ts";
import type { TopicSpec } from "../../transport/transport.ts";
import { changelogSpec, repartitionSpec } from "./internal-topic-specs.ts";
import { hasOwnChangelog } from "./internal-topic-names.ts";
import { hasPatterns } from "./match-topics.ts";
import { repartitionTopicOf, sourceTopics } from "./source-topics.ts";

/** How many partitions and tasks there are, and what topics are to be made for them. */
export interface PlannedTopics {
  /** The topics that the topology's patterns have found, sorted. */
  readonly matched: readonly string[];
  /** Number of partitions of every topic that is read or written. */
  readonly partitions: ReadonlyMap<string, number>;
  /** Number of tasks of each sub-topology, by its id; 0 for the ids of global tables. */
  readonly tasks: readonly number[];
  /** The same by name alone, all of them: what no record may choose to be sent to. */
  readonly own: ReadonlySet<string>;
  /** Repartition and changelog topics; those that follow a pattern only once it has found a topic. */
  readonly internal: readonly TopicSpec[];
}

/** The topics of an application as they are in its cluster. */
export interface TopicPlan extends PlannedTopics {
  /** By topic: another id when one is deleted and made anew under its name (KIP-516). */
  readonly topicIds: ReadonlyMap<string, string>;
  /** What came since the start: internal topics that were missing, and were made, and topics that patterns found. */
  readonly fresh: ReadonlySet<string>;
}

type Counts = Map<string, number>;

/** What sizes are found with. */
interface Sizes {
  readonly topology: Topology;
  readonly applicationId: string;
  readonly matched: readonly string[];
  readonly partitions: Counts;
}

/**
 * Plans the internal topics; `given` has the number of partitions of those that users make, `existing` that of
 * repartition topics that are there already: they stay as they are, for they lead to the right task whatever their
 * number, while their sources grow. A repartition topic has as
 * many as the greatest source of what feeds it, or as those that it must be partitioned alike with; that may lead
 * through other repartition topics, in any order and round in circles, so sizes are passed on until none changes.
 * `matched` are those of the given topics that patterns have found.
 * Throws a TopologyError where a sink is one of the topics that the application makes for itself, and a MillraceError
 * COPARTITION where topics have to be partitioned alike and are not.
 */
export const planTopics = (
  topology: Topology,
  applicationId: string,
  given: ReadonlyMap<string, number>,
  existing: ReadonlyMap<string, number> = new Map(),
  matched: readonly string[] = [],
): PlannedTopics => {
  const nodes = topology.subTopologies.flatMap((part) => part.nodes);
  const own = new Set(checkOwnTopics(nodes, applicationId).keys());
  const sizes: Sizes = { topology, applicationId, matched, partitions: new Map(given) };
  const { subTopologies } = topology;
  const { partitions } = sizes;
  const free = new Set<StageNode>();
  for (const node of repartitions(subTopologies)) {
    const topic = repartitionTopicOf(node, applicationId);
    const asked = node.role.type === "repartition" ? node.role.partitions : undefined;
    const fixed = asked ?? existing.get(topic);
    if (fixed === undefined) free.add(node);
    else partitions.set(topic, fixed);
  }
  // Sizes only grow, each to one of a finite number of others: it comes to an end.
  while (grow(sizes, free));
  check(sizes);
  const tasks: number[] = Array.from(
    { length: 1 + Math.max(-1, ...subTopologies.map(({ id }) => id)) },
    () => 0,
  );
  for (const part of subTopologies) tasks[part.id] = greatest(sizes, part.sources);
  const internal = subTopologies
    .flatMap((part) => [
      ...repartitions([part]).map((node) => {
        const topic = repartitionTopicOf(node, applicationId);
        return repartitionSpec(topic, partitions.get(topic) ?? 0);
      }),
      ...part.stores
        .filter(hasOwnChangelog)
        .map((store) => changelogSpec(applicationId, store, tasks[part.id] ?? 0)),
    ])
    .filter((spec) => spec.partitions > 0);
  for (const { topic, partitions: count } of internal) partitions.set(topic, count);
  return { matched, partitions, tasks, own, internal };
};

/** Names of the repartition topics that a topology reads. */
export const repartitionTopics = (topology: Topology, applicationId: string): ReadonlySet<string> =>
  new Set(repartitions(topology.subTopologies).map((node) => repartitionTopicOf(node, applicationId)));

const repartitions = (subTopologies: readonly SubTopology[]): readonly StageNode[] =>
  subTopologies.flatMap(({ sources }) => sources).filter(({ role }) => role.type === "repartition");

/** The topics that these nodes read, each with its number of partitions. */
const topicsRead = (
  { applicationId, matched, partitions }: Sizes,
  sources: readonly StageNode[],
): readonly { readonly topic: string; readonly count: number }[] =>
  sources
    .flatMap((node) => sourceTopics(node, applicationId, matched))
    .map((topic) => ({ topic, count: partitions.get(topic) ?? 0 }));

const greatest = (sizes: Sizes, sources: readonly StageNode[]): number =>
  Math.max(0, ...topicsRead(sizes, sources).map(({ count }) => count));

/** Passes sizes on to those that nobody has asked for, once; whether any has changed. */
const grow = (sizes: Sizes, free: ReadonlySet<StageNode>): boolean => {
  const {
    topology: { subTopologies },
    applicationId,
    partitions,
  } = sizes;
  let changed = false;
  const atLeast = (node: StageNode, count: number): void => {
    const topic = repartitionTopicOf(node, applicationId);
    if ((partitions.get(topic) ?? 0) >= count) return;
    partitions.set(topic, count);
    changed = true;
  };
  const bound = new Set<StageNode>();
  for (const group of subTopologies.flatMap(({ copartitionGroups }) => copartitionGroups)) {
    const fixed = group.filter((node) => !free.has(node));
    const count = greatest(sizes, fixed.length > 0 ? fixed : group);
    for (const node of group.filter((member) => free.has(member))) {
      if (fixed.length > 0) bound.add(node);
      atLeast(node, count);
    }
  }
  for (const node of repartitions(subTopologies).filter(
    (candidate) => free.has(candidate) && !bound.has(candidate),
  ))
    for (const part of subTopologies.filter((feeding) => feeding.repartitions.includes(node)))
      atLeast(node, greatest(sizes, part.sources));
  return changed;
};

const check = (sizes: Sizes): void => {
  const {
    topology: { subTopologies },
    applicationId,
    partitions,
  } = sizes;
  // What follows a pattern that has found nothing yet waits for topics.
  if (!hasPatterns(sizes.topology))
    for (const node of repartitions(subTopologies)) {
      const topic = repartitionTopicOf(node, applicationId);
      if ((partitions.get(topic) ?? 0) === 0)
        throw new TopologyError(
          `the size of the repartition topic "${topic}" follows from no other: give it { partitions: ... }`,
        );
    }
  for (const group of subTopologies.flatMap(({ copartitionGroups }) => copartitionGroups)) {
    const read = topicsRead(sizes, group);
    if (new Set(read.map(({ count }) => count)).size > 1)
      throw new MillraceError(
        `topics ${read.map(({ topic, count }) => `"${topic}" (${count} partitions)`).join(" and ")} lead to one store, so ` +
          "that equal keys must be in partitions of equal number: give them as many partitions, or send all but one " +
          "through a repartition()",
        { code: "COPARTITION" },
      );
  }
};
