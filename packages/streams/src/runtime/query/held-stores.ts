import type { StateStore } from "../../state/state-store.ts";
import type { StoreDefinition } from "../../state/store-definition.ts";
import type { Topology } from "../../topology.ts";
import type { GlobalStores } from "../task/global-stores.ts";
import type { PreparedTask } from "../task/prepared-task.ts";
import type { TopicPlan } from "../topics/plan.ts";
import type { HeldPartitions } from "./held-partitions.ts";

/** Where stores are looked for. */
export interface HeldTasks {
  readonly topology: Topology;
  readonly plan: Pick<TopicPlan, "tasks">;
  readonly globals: GlobalStores;
  /** The tasks whose stores can be read, by their ids. */
  readonly tasks: ReadonlyMap<string, Pick<PreparedTask, "task">>;
  /** Ids of the tasks that this member has been given, and that are not among them yet. */
  readonly waiting: readonly string[];
}

/** The partitions of a store that this process has now. */
export const heldStores = (
  { topology, plan, globals, tasks, waiting }: HeldTasks,
  { name }: StoreDefinition,
): HeldPartitions => {
  const subTopology = topology.subTopologies.find(({ stores }) =>
    stores.some((store) => store.name === name),
  );
  if (subTopology === undefined)
    return {
      count: 0,
      stores: new Map([[0, globals.store(name) as StateStore & ReturnType<GlobalStores["store"]>]]),
      restoring: [],
    };
  const stores = new Map<number, StateStore>();
  for (const { task } of tasks.values())
    if (task.subTopology.id === subTopology.id) stores.set(task.partition, task.store(name));
  return {
    count: plan.tasks[subTopology.id] ?? 0,
    stores,
    restoring: waiting.flatMap((id) => {
      const [index, partition] = id.split("_").map(Number);
      return index === subTopology.id && partition !== undefined ? [partition] : [];
    }),
  };
};
