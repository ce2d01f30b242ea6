import {
  count,
  groupBy,
  groupByKey,
  repartition,
  stream,
  string,
  to,
  topic,
  topology,
  type Topology,
  tumbling,
  windowedBy,
} from "../../src/index.ts";
import { planTopics } from "../../src/runtime/topics/plan.ts";

/** `names-named`: the internal topics of topologies whose parts are named. */
export interface NamesVector {
  readonly topologies: readonly NamedTopology[];
}

interface NamedTopology {
  readonly id: string;
  readonly describe: string;
  readonly subtopologies: readonly {
    readonly repartition: Readonly<Record<string, TopicSettings>>;
    readonly changelog: Readonly<Record<string, TopicSettings>>;
  }[];
}

/** With `kind`, a class of the JVM's. */
type TopicSettings = Readonly<Record<string, string | number>>;

const input = topic("in", { key: string(), value: string() });
const output = topic("out", { key: string(), value: string() });
const ofValue = (value: string): string => value;

/** State is always named here, so what the JVM numbers has no counterpart. */
const topologies: Readonly<Record<string, () => Topology>> = {
  "grouped-named-store-named": () =>
    topology(
      "app",
      stream(input).pipe(groupBy(ofValue, { name: "g", key: string() }), count({ store: "c" })),
    ),
  "grouped-unnamed-store-named": () =>
    topology("app", stream(input).pipe(groupBy(ofValue, { key: string() }), count({ store: "c" }))),
  "repartition-named": () =>
    topology("app", stream(input).pipe(repartition({ name: "rp", partitions: 3 }), to(output))),
  retention: () =>
    topology(
      "app",
      stream(input).pipe(groupByKey(), windowedBy(tumbling(10, { grace: 5 })), count({ store: "c" })),
    ),
};

export const runNames = (
  vector: NamesVector,
): { readonly differences: readonly string[]; readonly unsupported: readonly string[] } => {
  const differences: string[] = [];
  const unsupported: string[] = [];
  for (const { id, describe, subtopologies } of vector.topologies) {
    const build = topologies[id];
    if (build === undefined) {
      unsupported.push(id);
      continue;
    }
    const expected = subtopologies.flatMap(({ repartition: a, changelog: b }) =>
      [...Object.entries(a), ...Object.entries(b)].map(([name, settings]) => line(name, settings)),
    );
    const built = build();
    if (built.describe() !== describe)
      differences.push(`${id}: expected the description ${describe}, found ${built.describe()}`);
    const { internal } = planTopics(built, "app", new Map([["in", 1]]));
    const found = internal.map(({ topic: name, partitions, configs }) =>
      line(name, { ...configs, ...(partitions > 1 && { partitions }) }),
    );
    if (expected.toSorted().join("\n") !== found.toSorted().join("\n"))
      differences.push(`${id}: expected ${expected.join("; ")}, found ${found.join("; ")}`);
  }
  return { differences, unsupported };
};

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
