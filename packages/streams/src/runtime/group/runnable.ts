import type { Topology } from "../../topology.ts";
import type { TopicPlan } from "../topics/plan.ts";
import { sourceTopics } from "../topics/source-topics.ts";

/** A sub-topology that a member has in its topology, as it tells the group. */
export interface RunnableSubTopology {
  /** The same in every version of the topology that has it; tasks are named by it on the wire. */
  readonly identity: string;
  /** Its place in this process's topology: task ids here are `<id>_<partition>`. */
  readonly id: number;
  readonly sources: readonly { readonly topic: string; readonly partitions: number }[];
  readonly stores: readonly string[];
  /** Whether state of it is read back from changelogs, so that there can be standbys. */
  readonly restores: boolean;
  /** Number of tasks: the greatest number of partitions of its sources. */
  readonly tasks: number;
}

/** What this process can run of a topology whose topics are planned. */
export const runnableSubTopologies = (
  { subTopologies }: Pick<Topology, "subTopologies">,
  applicationId: string,
  plan: Pick<TopicPlan, "matched" | "partitions" | "tasks">,
): readonly RunnableSubTopology[] =>
  subTopologies.map(({ id, identity, sources, stores }) => ({
    identity,
    id,
    sources: [...new Set(sources.flatMap((node) => sourceTopics(node, applicationId, plan.matched)))]
      .toSorted()
      .map((topic) => ({ topic, partitions: plan.partitions.get(topic) ?? 0 })),
    stores: stores.map(({ name }) => name).toSorted(),
    restores: stores.some(({ changelog }) => changelog),
    tasks: plan.tasks[id] ?? 0,
  }));
