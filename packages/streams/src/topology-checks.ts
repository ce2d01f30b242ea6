import { TopologyError } from "./errors.ts";
import { isLegalName, longestName } from "./legal-name.ts";
import type { StageNode } from "./stages.ts";
import type { StoreDefinition } from "./state/store-definition.ts";
import type { TopicPattern } from "./topic-pattern.ts";
import type { Topic } from "./topic.ts";

type Reading = TopicPattern["reading"];

/** Throws where a name can't be part of a topic's. */
export const checkName = (what: string, name: string): void => {
  if (!isLegalName(name, 180))
    throw new TopologyError(
      `${what} can't be named "${name}": it becomes part of topic names, so only letters, digits, ".", "_" and "-", ` +
        "at most 180 of them",
    );
};

/** Throws where a topic that the topology names can't be one. */
export const checkTopics = (nodes: readonly StageNode[]): void => {
  for (const { role, operator } of nodes) {
    const topics =
      role.type === "source" || role.type === "sink"
        ? role.topics
        : role.type === "global"
          ? [role.topic]
          : [];
    for (const { name } of topics)
      if (typeof name !== "string" || !isLegalName(name) || name === "." || name === "..")
        throw new TopologyError(
          `${operator}() is given the topic "${name}", and none can be named so: only letters, digits, ".", "_" and "-", ` +
            `at most ${longestName} of them`,
        );
  }
};

/** Throws where a store or a repartition topic can't have its name. */
export const checkNames = (nodes: readonly StageNode[]): void => {
  const repartitions = new Set<string>();
  for (const { role, stores } of nodes) {
    for (const store of stores) checkName("a store", store.name);
    if (role.type !== "repartition") continue;
    checkName("a repartition topic", role.name);
    if (repartitions.has(role.topic))
      throw new TopologyError(`two repartition topics are named "${role.name}": give one another name`);
    repartitions.add(role.topic);
  }
};

/**
 * A topic is read once for all that start from it, so they must mean the same by it: the same serdes, the same event
 * times. A stream and a table of one topic do: what is null is a deletion for the one, and for the other what its serde
 * says.
 */
export const checkReadings = (nodes: readonly StageNode[]): void => {
  const whole = new Set<string>();
  for (const { role } of nodes) {
    if (role.type !== "global") continue;
    if (whole.has(role.topic.name))
      throw new TopologyError(
        `two global tables are made of topic "${role.topic.name}": use one in both places`,
      );
    whole.add(role.topic.name);
  }
  const patterns: TopicPattern[] = [];
  const readings = new Map<string, Topic<unknown, unknown>>();
  for (const { role } of nodes) {
    if (role.type !== "source") continue;
    if (role.pattern !== undefined) patterns.push(role.pattern);
    for (const topic of role.topics) {
      if (whole.has(topic.name))
        throw new TopologyError(
          `topic "${topic.name}" is read whole, as a global table, and by partition: do one of both, or copy it`,
        );
      const known = readings.get(topic.name);
      readings.set(topic.name, topic);
      if (known !== undefined) checkSameReading(`topic "${topic.name}"`, known, topic, "topic()");
    }
  }
  checkPatterns(patterns, nodes);
};

const checkSameReading = (what: string, known: Reading, other: Reading, definedBy: string): void => {
  const differs = (["key", "value", "timestamp"] as const).find((part) => known[part] !== other[part]);
  if (differs !== undefined)
    throw new TopologyError(
      `${what} is read twice, with two different ${differs === "timestamp" ? "timestamp functions" : `${differs} serdes`}: ` +
        `define it once with ${definedBy}, and give that to both`,
    );
};

/** A pattern finds topics of others: one that the topology names would be read twice, or be read as it is written. */
const checkPatterns = (patterns: readonly TopicPattern[], nodes: readonly StageNode[]): void => {
  const known = new Map<string, TopicPattern>();
  for (const pattern of patterns) {
    const { text, identity, matches, reading } = pattern;
    const same = known.get(identity);
    known.set(identity, pattern);
    if (same !== undefined) checkSameReading(`pattern ${identity}`, same.reading, reading, "stream()");
    for (const { role } of nodes) {
      const read =
        role.type === "source" ? role.topics : role.type === "global" ? [role.topic] : ([] as const);
      const named = read.find(({ name }) => matches(name));
      if (named !== undefined)
        throw new TopologyError(
          `the pattern /${text}/ matches "${named.name}", which this topology reads by its name, too: let the pattern ` +
            "leave it out, with (?!...), or read it only by the pattern",
        );
      const written = role.type === "sink" ? role.topics.find(({ name }) => matches(name)) : undefined;
      if (written !== undefined)
        throw new TopologyError(
          `the pattern /${text}/ matches "${written.name}", which this topology writes to: it would read its own results. ` +
            "Let the pattern leave it out, with (?!...)",
        );
    }
  }
};

/** Two stores that are restored from one topic would be two tables of it. */
export const checkSourceChangelogs = (stores: readonly StoreDefinition[]): void => {
  const served = new Map<string, StoreDefinition>();
  for (const store of stores) {
    const { name, changelogTopic } = store;
    if (changelogTopic === undefined) continue;
    const other = served.get(changelogTopic);
    if (other !== undefined && other !== store)
      throw new TopologyError(
        `the stores "${other.name}" and "${name}" both have the topic "${changelogTopic}" as their changelog: make one ` +
          "table of it, and use it in both places",
      );
    served.set(changelogTopic, store);
  }
};
