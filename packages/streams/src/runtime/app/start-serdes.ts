import type { SerdeRole, Serializer } from "../../serde.ts";
import type { Topology } from "../../topology.ts";
import { changelogTopic, hasOwnChangelog } from "../topics/internal-topic-names.ts";
import { sourceTopic } from "../topics/plan.ts";

type Startable = Pick<Serializer<never>, "start">;

/** Lets every serde prepare for where it is used: schemas are registered before the first record. */
export const startSerdes = async (topology: Topology, applicationId: string): Promise<void> => {
  const starts: Promise<void>[] = [];
  const start = (serde: Startable | undefined, role: SerdeRole): void => {
    const started = serde?.start?.(role);
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
        const topic = sourceTopic(node, applicationId);
        const use = role.type === "source" ? "source" : "repartition";
        start(node.key, { topic, part: "key", use });
        start(node.value, { topic, part: "value", use });
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
