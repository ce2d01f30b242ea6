import { MillraceError } from "../../errors.ts";
import { changelogTopic, internalTopicKind } from "../../runtime/topics/internal-topic-names.ts";
import { matchedBy } from "../../runtime/topics/match-topics.ts";
import { planTopics, type PlannedTopics } from "../../runtime/topics/plan.ts";
import { sourceTopics } from "../../runtime/topics/source-topics.ts";
import type { StageNode } from "../../stages.ts";
import type { Topology } from "../../topology.ts";
import { partitionForKey } from "../../transport/murmur2.ts";

/** The topics of a topology, and how many partitions they have. */
export class DriverTopics {
  readonly #topology: Topology;
  readonly #partitions: Readonly<Record<string, number>>;
  readonly #others: ReadonlySet<string>;
  #plan: PlannedTopics;

  /** `others`: topics that the topology does not name, and writes to. */
  constructor(
    topology: Topology,
    partitions: Readonly<Record<string, number>>,
    others: readonly (string | undefined)[],
  ) {
    this.#topology = topology;
    this.#partitions = partitions;
    this.#others = new Set(others.filter((topic) => topic !== undefined));
    this.#plan = this.#planned(matchedBy(topology, Object.keys(partitions).filter(this.#isForeign)));
  }

  /** Takes a topic up that a pattern matches and nobody has named; whether it is one. */
  take(topic: string): boolean {
    const { matched } = this.#plan;
    if (matched.includes(topic) || !this.#isForeign(topic)) return false;
    if (matchedBy(this.#topology, [topic]).length === 0) return false;
    this.#plan = this.#planned([...matched, topic].toSorted());
    return true;
  }

  /** The topics that patterns have found. */
  get matched(): readonly string[] {
    return this.#plan.matched;
  }

  /** What the application makes for itself. */
  get own(): ReadonlySet<string> {
    return this.#plan.own;
  }

  /** What a source reads. */
  read(source: StageNode): readonly string[] {
    return sourceTopics(source, this.#topology.name, this.#plan.matched);
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

  /** Whether it is a sink topic that the topology names. */
  isSink(topic: string): boolean {
    return this.#topology.subTopologies.some(({ nodes }) =>
      nodes.some(({ role }) => role.type === "sink" && role.topics.some(({ name }) => name === topic)),
    );
  }

  /**
   * Throws a MillraceError UNKNOWN_TOPIC for a topic that the topology neither reads nor writes, as far as it says: one that
   * chooses topics by record may write to any.
   */
  check(topic: string): void {
    const { name, subTopologies } = this.#topology;
    const known = subTopologies.some(
      ({ nodes, sources, stores }) =>
        nodes.some(({ role }) => role.type === "sink" && role.chooser !== undefined) ||
        this.isSink(topic) ||
        sources.some((node) => this.read(node).includes(topic)) ||
        stores.some((store) => changelogTopic(name, store) === topic),
    );
    if (known || this.#others.has(topic)) return;
    throw new MillraceError(`"${topic}" is no topic of "${name}": it reads and writes ${this.#listed()}`, {
      code: "UNKNOWN_TOPIC",
    });
  }

  #planned(matched: readonly string[]): PlannedTopics {
    const { subTopologies, globals, name } = this.#topology;
    const partitions = this.#partitions;
    const named = subTopologies.flatMap((part) =>
      part.sources.flatMap(({ role }) => (role.type === "source" ? role.topics : [])),
    );
    const given = new Map([
      ...[...named.map((topic) => topic.name), ...matched].map(
        (topic) => [topic, partitions[topic] ?? 1] as const,
      ),
      // A global table is read whole, as if its topic had one partition.
      ...Object.entries(partitions).filter(
        ([topic]) => !globals.some(({ role }) => role.type === "global" && role.topic.name === topic),
      ),
    ]);
    return planTopics(this.#topology, name, given, undefined, matched);
  }

  readonly #isForeign = (topic: string): boolean =>
    !this.#others.has(topic) && internalTopicKind(this.#topology.name, topic) === undefined;

  #listed(): string {
    const topics = this.#topology.subTopologies.flatMap(({ nodes, sources }) => [
      ...sources.flatMap((node) => this.read(node)),
      ...nodes.flatMap(({ role }) => (role.type === "sink" ? role.topics.map((sink) => sink.name) : [])),
    ]);
    return [...new Set([...topics, ...this.#others])].map((topic) => `"${topic}"`).join(", ");
  }
}
