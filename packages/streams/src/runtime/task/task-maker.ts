import type { SubTopology } from "../../sub-topology.ts";
import type { Topology } from "../../topology.ts";
import type { AppSettings } from "../app/app-options.ts";
import { changelogTopic, hasOwnChangelog } from "../topics/internal-topic-names.ts";
import { sourceTopic, type TopicPlan } from "../topics/plan.ts";
import type { KeptState } from "./kept-state.ts";
import type { PreparedTask, TaskSource } from "./prepared-task.ts";
import type { SourceReading } from "./source-reading.ts";
import { type Destinations, TaskOutput } from "./task-output.ts";
import { Task } from "./task.ts";
import type { TaskEnvironment } from "./task-environment.ts";

/** What tasks are made of. */
export interface TaskMakerOptions {
  readonly topology: Topology;
  readonly settings: AppSettings;
  readonly plan: TopicPlan;
  readonly environment: TaskEnvironment;
  readonly destinations: Destinations;
  readonly kept: KeptState;
}

/** How a source topic is read by the table that has it as its changelog. */
const sourceReading = ({ sources }: SubTopology, topic: string, partition: number): SourceReading => {
  for (const { role, key, value } of sources)
    if (role.type === "source" && role.nulls && role.topic.name === topic && key && value)
      return { topic, partition, key, value, timestamp: role.topic.timestamp };
  throw new Error(`"${topic}" is no source of a table`);
};

/** Makes tasks with the state that is kept of them. */
export class TaskMaker {
  readonly #options: TaskMakerOptions;

  constructor(options: TaskMakerOptions) {
    this.#options = options;
  }

  /** Rejects where its state can't be opened, as when another process has it. */
  async make(id: string): Promise<PreparedTask> {
    const { topology, environment, destinations, settings, kept } = this.#options;
    const [index, partition = 0] = id.split("_").map(Number);
    const subTopology = topology.subTopologies.find((candidate) => candidate.id === index);
    if (subTopology === undefined) throw new Error(`"${id}" is no task of this topology`);
    const output = new TaskOutput(destinations, partition, environment.metrics.task(id));
    const state = await kept.open(subTopology, partition);
    const task = new Task(subTopology, partition, environment, output, {
      bytes: (store) => state?.store(store),
      get pendingBytes() {
        return state?.pendingBytes ?? 0;
      },
      close: () => {
        if (state !== undefined) kept.close(subTopology, partition, state);
      },
    });
    const stores = subTopology.stores
      .filter(({ changelog }) => changelog)
      .map((definition) => {
        const topic = changelogTopic(settings.applicationId, definition);
        const source = hasOwnChangelog(definition) ? undefined : sourceReading(subTopology, topic, partition);
        return { store: task.store(definition.name), topic, partition, source };
      });
    return { task, output, sources: this.#sourcesOf(task), stores };
  }

  #sourcesOf(task: Task): readonly TaskSource[] {
    const { settings, plan } = this.#options;
    const { partition } = task;
    return (
      task.subTopology.sources
        .map((node) => ({ node, topic: sourceTopic(node, settings.applicationId), partition }))
        // Of source topics with different numbers of partitions the smaller ones have none for the last tasks.
        .filter(({ topic }) => partition < (plan.partitions.get(topic) ?? 0))
    );
  }
}
