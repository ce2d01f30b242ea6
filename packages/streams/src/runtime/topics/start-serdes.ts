import type { SerdeRole, Serializer } from "../../serde.ts";
import type { Topology } from "../../topology.ts";
import { changelogTopic, hasOwnChangelog } from "./internal-topic-names.ts";
import { sourceSerdes } from "./source-serdes.ts";
import { sourceTopics } from "./source-topics.ts";

type Startable = Pick<Serializer<never>, "start">;

/**
 * Lets every serde prepare for where it is used, in those of the topics that are `wanted`: schemas are registered before the
 * first record. `matched`: the topics that patterns have found.
 */
export const startSerdes = async (
  topology: Topology,
  applicationId: string,
  matched: readonly string[],
  wanted: (topic: string) => boolean = () => true,
): Promise<void> => {
  const starts: Promise<void>[] = [];
  const start = (serde: Startable | undefined, role: SerdeRole): void => {
    const started = wanted(role.topic) ? serde?.start?.(role) : undefined;
    if (started !== undefined) starts.push(started);
  };
  for (const { key, value, role } of topology.globals) {
    if (role.type !== "global") continue;
    start(key, { topic: role.topic.name, part: "key", use: "source" });
    start(value, { topic: role.topic.name, part: "value", use: "source" });
  }
  for (const part of topology.subTopologies) {
    for (const node of part.nodes) {
      const { role } = node;
      if (role.type === "source" || role.type === "repartition") {
        const use = role.type === "source" ? "source" : "repartition";
        for (const topic of sourceTopics(node, applicationId, matched)) {
          const { key, value } = sourceSerdes(node, topic);
          start(key, { topic, part: "key", use });
          start(value, { topic, part: "value", use });
        }
      }
      if (role.type === "sink")
        for (const { name: topic, key, value } of role.topics) {
          start(key, { topic, part: "key", use: "sink" });
          start(value, { topic, part: "value", use: "sink" });
        }
    }
    for (const store of part.stores.filter(hasOwnChangelog)) {
      const { key, value } = store;
      const topic = changelogTopic(applicationId, store);
      start(key, { topic, part: "key", use: "changelog" });
      start(value, { topic, part: "value", use: "changelog" });
    }
  }
  await Promise.all(starts);
};
