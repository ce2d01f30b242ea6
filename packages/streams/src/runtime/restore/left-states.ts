import { messageOf } from "../../errors.ts";
import type { SubTopology } from "../../sub-topology.ts";
import type { Topology } from "../../topology.ts";
import { topicPartitionName } from "../../transport/topic-partition.ts";
import type { AppSettings } from "../settings/app-options.ts";
import type { HeldState } from "../group/local-tasks.ts";
import type { KeptState } from "../task/kept-state.ts";
import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import { changelogTopic, hasOwnChangelog } from "../topics/internal-topic-names.ts";
import type { TopicPlan } from "../topics/plan.ts";
import { changelogEnds, type ChangelogPartition } from "./changelog-ends.ts";

export interface LeftStatesOptions {
  readonly topology: Topology;
  readonly settings: Pick<AppSettings, "state" | "applicationId" | "transport" | "clock" | "log">;
  readonly plan: Pick<TopicPlan, "tasks" | "partitions">;
  readonly coordinator: Pick<GroupCoordinator, "fetchOffsets">;
  readonly kept: KeptState;
}

interface LeftChangelog extends ChangelogPartition {
  /** Next offset after what the state has; -1: it has nothing. */
  readonly position: number;
}

/** The states of tasks that are on this member's disk and not open: the group may give their tasks back to it. */
export class LeftStates {
  readonly #options: LeftStatesOptions;

  constructor(options: LeftStatesOptions) {
    this.#options = options;
  }

  /** How much of them is there now, by task id. Never rejects: what can't be told counts as not here. */
  async find(): Promise<ReadonlyMap<string, HeldState>> {
    const { settings, topology } = this.#options;
    if (settings.state === undefined) return new Map();
    const left = new Map<string, readonly LeftChangelog[]>();
    for (const subTopology of topology.subTopologies) await this.#look(subTopology, left);
    if (left.size === 0) return new Map();
    const ends = await changelogEnds([...left.values()].flat(), this.#options);
    if (ends === undefined) return new Map();
    return new Map([...left].map(([id, changelogs]) => [id, stateOf(changelogs, ends)]));
  }

  async #look(subTopology: SubTopology, left: Map<string, readonly LeftChangelog[]>): Promise<void> {
    const { settings, plan, kept } = this.#options;
    const { id, stores } = subTopology;
    const logged = stores.filter(({ changelog }) => changelog);
    if (logged.length === 0) return;
    for (let partition = 0; partition < (plan.tasks[id] ?? 0); partition++)
      try {
        const positions = await kept.left(subTopology, partition);
        if (positions === undefined) continue;
        left.set(
          `${id}_${partition}`,
          logged
            .map((definition) => ({
              topic: changelogTopic(settings.applicationId, definition),
              partition,
              position: positions.get(definition.name) ?? -1,
              isSource: !hasOwnChangelog(definition),
            }))
            .filter(({ isSource, topic }) => !isSource || partition < (plan.partitions.get(topic) ?? 0)),
        );
      } catch (error) {
        settings.log("debug", `state of task ${id}_${partition} can't be looked at: ${messageOf(error)}`);
      }
  }
}

const stateOf = (changelogs: readonly LeftChangelog[], ends: ReadonlyMap<string, number>): HeldState => {
  let lag = 0;
  let whole = 0;
  for (const { topic, partition, position } of changelogs) {
    const end = ends.get(topicPartitionName(topic, partition)) ?? 0;
    if (end < 0) continue;
    whole += end;
    lag += Math.max(0, end - Math.max(0, position));
  }
  return { lag, whole };
};
