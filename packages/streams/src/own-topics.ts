import { MillraceError, TopologyError } from "./errors.ts";
import { changelogTopic, hasOwnChangelog } from "./runtime/topics/internal-topic-names.ts";
import { repartitionTopicOf } from "./runtime/topics/source-topics.ts";
import type { StageNode } from "./stages.ts";

/** What an application makes for itself, by the names of its topics: what each is for. */
const ownTopics = (nodes: readonly StageNode[], applicationId: string): ReadonlyMap<string, string> => {
  const topics = new Map<string, string>();
  const alike = new Map<string, string>();
  const add = (topic: string, purpose: string): void => {
    // A broker counts by names in which "." and "_" are one, and makes no topic that is one with another.
    const counted = topic.replaceAll(".", "_");
    const other = alike.get(counted);
    if (other !== undefined && other !== topic)
      throw new TopologyError(
        `the topics of ${topics.get(other)} and of ${purpose} would be "${other}" and "${topic}", of which a broker makes only ` +
          'one, for they differ only in "." and "_": give one another name',
      );
    alike.set(counted, topic);
    topics.set(topic, purpose);
  };
  for (const node of nodes) {
    if (node.role.type === "repartition")
      add(repartitionTopicOf(node, applicationId), `the repartition before ${node.operator}()`);
    for (const store of node.stores)
      if (hasOwnChangelog(store)) add(changelogTopic(applicationId, store), `the store "${store.name}"`);
  }
  return topics;
};

/**
 * Answers the topics that the application makes for itself. Throws where the topology writes to one of them, or reads what it
 * purges.
 */
export const checkOwnTopics = (
  nodes: readonly StageNode[],
  applicationId: string,
): ReadonlyMap<string, string> => {
  const own = ownTopics(nodes, applicationId);
  for (const { role, operator } of nodes) {
    if (role.type === "sink")
      for (const { name } of role.topics) {
        const purpose = own.get(name);
        if (purpose !== undefined)
          throw new TopologyError(
            `${operator}() is given the topic "${name}", which is that of ${purpose}: what is written there would be read ` +
              "as its state; write to another topic",
          );
      }
    if (role.type !== "source") continue;
    const read = role.topics.find(({ name }) => own.get(name)?.startsWith("the repartition") === true);
    if (read !== undefined)
      throw new TopologyError(
        `${operator}() reads "${read.name}", which is that of ${own.get(read.name)}: its records are deleted once they ` +
          "were read there; go on from what is written to it",
      );
  }
  return own;
};

/** Throws where a record chose a topic that its application makes for itself. */
export const checkChosenTopic = (topic: string, own: ReadonlySet<string>): void => {
  if (own.has(topic))
    throw new MillraceError(
      `to() chose the topic "${topic}", which its application makes for itself: what is written there would be read as its ` +
        "state, or twice; choose another topic",
      { code: "OWN_TOPIC" },
    );
};
