import type { Topology } from "../../topology.ts";
import type { AppSettings } from "../settings/app-options.ts";

/** Names of the topics that users make: sources but those of patterns, sinks, for dead letters and for late records. */
export const givenTopics = (
  { subTopologies, globals }: Topology,
  { deadLetterTopic, lateTopic }: Pick<AppSettings, "deadLetterTopic" | "lateTopic">,
): readonly string[] => {
  const given = new Set<string>([deadLetterTopic, lateTopic].filter((name) => name !== undefined));
  for (const { role } of [...globals, ...subTopologies.flatMap(({ nodes }) => nodes)]) {
    if (role.type === "global") given.add(role.topic.name);
    if (role.type === "source") for (const { name } of role.topics) given.add(name);
    if (role.type === "sink") for (const { name } of role.topics) given.add(name);
  }
  return [...given];
};
