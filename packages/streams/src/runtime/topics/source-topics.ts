import type { StageNode } from "../../stages.ts";
import { repartitionTopic } from "./internal-topic-names.ts";

/**
 * Names of the topics that a source node reads: those that it names, or those of `matched`, which the patterns of the
 * topology have found, that its pattern matches.
 */
export const sourceTopics = (
  node: StageNode,
  applicationId: string,
  matched: readonly string[],
): readonly string[] => {
  const { role } = node;
  if (role.type !== "source") return [repartitionTopicOf(node, applicationId)];
  const { pattern, topics } = role;
  return pattern === undefined ? topics.map(({ name }) => name) : matched.filter(pattern.matches);
};

/** Name of the topic that a repartition node stands for. */
export const repartitionTopicOf = ({ role, operator }: StageNode, applicationId: string): string => {
  if (role.type === "repartition") return repartitionTopic(applicationId, role.topic);
  throw new Error(`"${operator}" has no repartition topic`);
};
