import type { Topology } from "../../topology.ts";
import type { PlannedTopics } from "./plan.ts";
import { sourceTopics } from "./source-topics.ts";

type Read = Pick<PlannedTopics, "matched" | "partitions" | "tasks">;

/**
 * Ids of the tasks that read other partitions by one plan than by the one before it: a topic has come or gone that a pattern
 * matches, or one of several sources has grown. Tasks that only one of them has are not among them.
 */
export const outdatedTasks = (
  { subTopologies }: Pick<Topology, "subTopologies">,
  applicationId: string,
  before: Read,
  after: Read,
): readonly string[] =>
  subTopologies.flatMap(({ id, sources }) => {
    const read = ({ matched, partitions }: Read, partition: number): string =>
      sources
        .flatMap((node) => sourceTopics(node, applicationId, matched))
        .filter((topic) => partition < (partitions.get(topic) ?? 0))
        .toSorted()
        .join();
    const tasks = Math.min(before.tasks[id] ?? 0, after.tasks[id] ?? 0);
    return Array.from({ length: tasks }, (_, partition) => partition)
      .filter((partition) => read(before, partition) !== read(after, partition))
      .map((partition) => `${id}_${partition}`);
  });
