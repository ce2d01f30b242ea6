import { MillraceError } from "../../errors.ts";
import { changelogTopic } from "../../runtime/topics/internal-topic-names.ts";
import { planTopics, type PlannedTopics, sourceTopic } from "../../runtime/topics/plan.ts";
import type { Topology } from "../../topology.ts";
import { partitionForKey } from "../../transport/murmur2.ts";

/** The topics of a topology, and how many partitions they have. */
export class DriverTopics {
  readonly #topology: Topology;
  readonly #plan: PlannedTopics;
  readonly #given: ReadonlyMap<string, number>;
  readonly #others: ReadonlySet<string>;

  /** `others`: topics that the topology does not name, and writes to. */
  constructor(
    topology: Topology,
    partitions: Readonly<Record<string, number>>,
    others: readonly (string | undefined)[],
  ) {
    this.#topology = topology;
    const sources = topology.subTopologies.flatMap((part) => part.sources);
    this.#given = new Map([
      ...sources.flatMap(({ role }) =>
        role.type === "source" ? [[role.topic.name, partitions[role.topic.name] ?? 1] as const] : [],
      ),
      // A global table is read whole, as if its topic had one partition.
      ...Object.entries(partitions).filter(
        ([topic]) =>
          !topology.globals.some(({ role }) => role.type === "global" && role.topic.name === topic),
      ),
    ]);
    this.#plan = planTopics(topology, topology.name, this.#given);
    this.#others = new Set(others.filter((topic) => topic !== undefined));
  }

  /** Number of tasks of a sub-topology. */
  tasks(subTopology: number): number {
    return this.#plan.tasks[subTopology] ?? 0;
  }

  partitions(topic: string): number {
    return this.#plan.partitions.get(topic) ?? 1;
  }

  /** The partition of a record that names none, as a producer chooses it. */
  partitionOf(topic: string, key: Uint8Array | null): number {
    return key === null ? 0 : partitionForKey(key, this.partitions(topic));
  }

  /** Throws a MillraceError UNKNOWN_TOPIC for a topic that the topology neither reads nor writes. */
  check(topic: string): void {
    const { name, subTopologies } = this.#topology;
    const known = subTopologies.some(
      ({ nodes, sources, stores }) =>
        nodes.some(({ role }) => role.type === "sink" && role.topics.some((sink) => sink.name === topic)) ||
        sources.some((node) => sourceTopic(node, name) === topic) ||
        stores.some((store) => changelogTopic(name, store) === topic),
    );
    if (known || this.#others.has(topic)) return;
    throw new MillraceError(`"${topic}" is no topic of "${name}": it reads and writes ${this.#listed()}`, {
      code: "UNKNOWN_TOPIC",
    });
  }

  #listed(): string {
    const { name, subTopologies } = this.#topology;
    const topics = subTopologies.flatMap(({ nodes, sources }) => [
      ...sources.map((node) => sourceTopic(node, name)),
      ...nodes.flatMap(({ role }) => (role.type === "sink" ? role.topics.map((sink) => sink.name) : [])),
    ]);
    return [...new Set([...topics, ...this.#others])].map((topic) => `"${topic}"`).join(", ");
  }
}
