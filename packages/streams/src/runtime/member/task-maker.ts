import type { SubTopology } from "../../sub-topology.ts";
import type { Topology } from "../../topology.ts";
import type { AppSettings } from "../settings/app-options.ts";
import { changelogTopic, hasOwnChangelog } from "../topics/internal-topic-names.ts";
import type { KeptState } from "../task/kept-state.ts";
import type { PreparedTask } from "../task/prepared-task.ts";
import type { SourceReading } from "../topics/source-reading.ts";
import { type Destinations, TaskOutput } from "../task/task-output.ts";
import { Task } from "../task/task.ts";
import type { TaskEnvironment } from "../task/task-environment.ts";

/** What tasks are made of. */
export interface TaskMakerOptions {
  readonly topology: Topology;
  readonly settings: AppSettings;
  readonly environment: TaskEnvironment;
  readonly destinations: Destinations;
  readonly kept: KeptState;
}

/** How a source topic is read by the table that has it as its changelog. */
const sourceReading = ({ sources }: SubTopology, topic: string, partition: number): SourceReading => {
  for (const { role, key, value } of sources)
    if (role.type === "source" && role.nulls && key && value)
      for (const { name, timestamp } of role.topics)
        if (name === topic) return { topic, partition, key, value, timestamp };
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
    return { task, output, stores };
  }
}
