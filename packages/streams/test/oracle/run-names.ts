import { isDeepStrictEqual } from "node:util";
import type { Topology } from "../../src/index.ts";
import { planTopics } from "../../src/runtime/topics/plan.ts";
import { namedTopologies } from "./topologies/named.ts";
import { unnamedTopologies } from "./topologies/unnamed.ts";

/** `names-*`: descriptions of topologies, and their internal topics. */
export interface NamesVector {
  readonly name: string;
  readonly topologies: readonly NamedTopology[];
}

interface NamedTopology {
  readonly id: string;
  readonly describe: string;
  readonly subtopologies: readonly {
    readonly repartition: Readonly<Record<string, TopicSettings>>;
    readonly changelog: Readonly<Record<string, TopicSettings>>;
    readonly sourceTopicsUsedAsChangelogs?: readonly string[];
  }[];
}

/** With `kind`, a class of the JVM's. */
type TopicSettings = Readonly<Record<string, string | number>>;

export const runNames = (
  vector: NamesVector,
): { readonly differences: readonly string[]; readonly unsupported: readonly string[] } => {
  const differences: string[] = [];
  const unsupported: string[] = [];
  const optimized = vector.name.startsWith("names-optimized");
  const topologies = vector.name.startsWith("names-named") ? namedTopologies : unnamedTopologies(optimized);
  for (const { id, describe, subtopologies } of vector.topologies) {
    const build = topologies[id];
    if (build === undefined) {
      unsupported.push(id);
      continue;
    }
    const built = build();
    const description = built.describe({ optimized });
    for (const [at, line] of described(describe).entries()) {
      const own = described(description)[at];
      if (own !== line) differences.push(`${id}, line ${at}: expected ${line}, found ${own ?? "nothing"}`);
    }
    // Optimized, they are numbered in another order.
    const inOrder = optimized ? sorted : (all: readonly (readonly string[])[]) => all;
    const expected = inOrder(subtopologies.map(topicsOf));
    const found = inOrder(ownTopics(built));
    for (const [at, topics] of expected.entries())
      if (!isDeepStrictEqual(topics, found[at]))
        differences.push(
          `${id}, sub-topology ${at}: expected ${topics.join("; ")}, found ${found[at]?.join("; ") ?? "none"}`,
        );
  }
  return { differences, unsupported };
};

const sorted = (all: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  all.toSorted((a, b) => (a.join() < b.join() ? -1 : 1));

/** The topics of a sub-topology, those that it has as changelogs without writing to them last. */
const topicsOf = ({
  repartition,
  changelog,
  sourceTopicsUsedAsChangelogs: sources = [],
}: NamedTopology["subtopologies"][number]): readonly string[] => [
  ...[...Object.entries(repartition), ...Object.entries(changelog)]
    .filter(([name]) => !sources.includes(name))
    .map(([name, settings]) => line(name, settings))
    .toSorted(),
  ...sources.map((name) => `source ${name}`).toSorted(),
];

const ownTopics = (topology: Topology): readonly (readonly string[])[] => {
  const given = new Set(
    topology.subTopologies.flatMap(({ nodes }) =>
      nodes.flatMap(({ role }) =>
        role.type === "source"
          ? role.topics.map(({ name }) => name)
          : role.type === "sink"
            ? role.topics.map(({ name }) => name)
            : [],
      ),
    ),
  );
  const { internal } = planTopics(topology, "app", new Map([...given].map((name) => [name, 1])));
  return topology.subTopologies.map((part) => {
    const stores = new Set(part.stores.map(({ name }) => `app-${name}-changelog`));
    const read = new Set(
      part.sources.flatMap(({ role }) => (role.type === "repartition" ? [`app-${role.topic}`] : [])),
    );
    return [
      ...internal
        .filter(({ topic }) => stores.has(topic) || read.has(topic))
        .map(({ topic, partitions, configs }) =>
          line(topic, { ...configs, ...(partitions > 1 && { partitions }) }),
        )
        .toSorted(),
      ...part.stores
        .flatMap(({ changelogTopic }) => (changelogTopic === undefined ? [] : [`source ${changelogTopic}`]))
        .toSorted(),
    ];
  });
};

/** In which order the JVM lists what comes before or after a node is a matter of its hash tables. */
const described = (description: string): readonly string[] =>
  description.split("\n").map((text) => {
    const [arrow, list] = text.split(/(?<=-->|<--) /);
    return list === undefined ? text : `${arrow} ${list.split(", ").toSorted().join(", ")}`;
  });

/** Without what is no setting, and what is deliberately otherwise here: windows expire by tombstones, not by time. */
const line = (name: string, { kind, ...settings }: TopicSettings): string => {
  const windowed = kind === "WindowedChangelogTopicConfig";
  const compared = Object.entries(settings)
    // Ours take any timestamp, which brokers since 3.6 would otherwise limit.
    .filter(([key]) => key !== "message.timestamp.before.max.ms" && key !== "message.timestamp.after.max.ms")
    .map(([key, value]) => [key, windowed && key === "cleanup.policy" ? "compact" : value] as const)
    .filter(([key]) => !(windowed && key === "retention.ms"));
  return JSON.stringify([name, ...compared.toSorted(([a], [b]) => a.localeCompare(b))]);
};
