import { TopologyError } from "../../errors.ts";
import type { TopicPattern } from "../../topic-pattern.ts";
import type { Topology } from "../../topology.ts";
import type { AppSettings } from "../settings/app-options.ts";
import { internalTopicKind } from "./internal-topic-names.ts";

/** Whether a topology reads topics that it does not name. */
export const hasPatterns = (topology: Pick<Topology, "subTopologies">): boolean =>
  patternsOf(topology).length > 0;

/**
 * Those of these topics that a topology's patterns match, sorted. Throws a TopologyError for one that two patterns match: it
 * would be read by both.
 */
export const matchedBy = (
  topology: Pick<Topology, "subTopologies">,
  topics: Iterable<string>,
): readonly string[] => {
  const patterns = patternsOf(topology);
  const matched: string[] = [];
  for (const topic of topics) {
    const [first, ...others] = patterns.filter(({ matches }) => matches(topic));
    if (first === undefined) continue;
    const other = others.find(({ identity }) => identity !== first.identity);
    if (other !== undefined)
      throw new TopologyError(
        `topic "${topic}" matches two patterns, ${first.identity} and ${other.identity}: let one of them leave it out, or ` +
          "use one stream in both places",
      );
    matched.push(topic);
  }
  return matched.toSorted();
};

type MatchSettings = Pick<AppSettings, "transport" | "applicationId" | "deadLetterTopic" | "lateTopic">;

/**
 * The topics of the cluster that a topology's patterns match now: without the application's internal ones, and those for
 * dead letters and late records. Asks the cluster only where there is a pattern.
 */
export const matchTopics = async (
  topology: Pick<Topology, "subTopologies">,
  { transport, applicationId, deadLetterTopic, lateTopic }: MatchSettings,
): Promise<readonly string[]> => {
  if (!hasPatterns(topology)) return [];
  const topics = await transport.listTopics();
  return matchedBy(
    topology,
    topics.filter(
      (name) =>
        name !== deadLetterTopic &&
        name !== lateTopic &&
        internalTopicKind(applicationId, name) === undefined,
    ),
  );
};

const patternsOf = ({ subTopologies }: Pick<Topology, "subTopologies">): readonly TopicPattern[] =>
  subTopologies.flatMap(({ sources }) =>
    sources.flatMap(({ role }) => (role.type === "source" ? (role.pattern ?? []) : [])),
  );
