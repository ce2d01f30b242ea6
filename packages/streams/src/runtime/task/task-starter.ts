import type { StageNode } from "../../stages.ts";
import type { Topology } from "../../topology.ts";
import type { CommittedOffset, GroupCoordinator } from "../../transport/group-coordinator.ts";
import type { Fetcher } from "../../transport/fetcher.ts";
import { type TopicPartition, topicPartitionName } from "../../transport/topic-partition.ts";
import type { AppSettings } from "../app/app-options.ts";
import { changelogTopic } from "../topics/internal-topic-names.ts";
import { CommittedNumbers } from "../topics/committed-numbers.ts";
import { decodeOffsetMetadata } from "../topics/offset-metadata.ts";
import { sourceTopic, type TopicPlan } from "../topics/plan.ts";
import type { Changelog, Restorer } from "../restore/restorer.ts";
import { type SourcePosition, SourceQueue } from "./source-queue.ts";
import { startPositions } from "./start-positions.ts";
import { type Destinations, TaskOutput } from "./task-output.ts";
import { Task } from "./task.ts";
import type { TaskEnvironment } from "./task-environment.ts";

/** What tasks are made of. */
export interface TaskStarterOptions {
  readonly topology: Topology;
  readonly settings: AppSettings;
  readonly plan: TopicPlan;
  readonly coordinator: GroupCoordinator;
  readonly environment: TaskEnvironment;
  readonly destinations: Destinations;
  readonly fetcher: Fetcher;
  readonly restorer: Restorer;
  /** A position is in the log no more, or a batch can't be read. */
  readonly unreadable: (task: Task, queue: SourceQueue, error: unknown) => void;
}

/** A task on its way, with the output that it will send through. */
export interface StartedTask {
  readonly task: Task;
  readonly output: TaskOutput;
}

/** What becomes of tasks that are started; a task is named by its id. */
export interface StartEvents {
  /** Whether it is still to be started. */
  wanted(id: string): boolean;
  ready(started: StartedTask): void;
  failed(id: string, error: unknown): void;
}

interface Source extends TopicPartition {
  readonly node: StageNode;
}

interface Starting extends StartedTask {
  readonly sources: readonly Source[];
  readonly stores: readonly Pick<Changelog, "store" | "topic" | "partition">[];
}

/** What the group and the logs say of the partitions that tasks begin with. */
interface KnownOffsets {
  begin(of: TopicPartition): number;
  end(of: TopicPartition): number;
  committed(of: TopicPartition): CommittedOffset;
}

/** One of each partition: several sources may read it. */
const distinct = (sources: readonly Source[]): readonly TopicPartition[] => [
  ...new Map(
    sources.map(({ topic, partition }) => [topicPartitionName(topic, partition), { topic, partition }]),
  ).values(),
];

/** Brings tasks from an assignment to readiness: offsets, state, operators, input. */
export class TaskStarter {
  readonly #options: TaskStarterOptions;

  constructor(options: TaskStarterOptions) {
    this.#options = options;
  }

  /**
   * Starts tasks together; tells of each as it becomes ready, or fails. The offsets come first: asking for them waits for
   * a predecessor's transaction, and only after that the changelogs hold all that belongs to them.
   */
  async start(ids: readonly string[], events: StartEvents): Promise<void> {
    const starting = ids.map((id) => this.#create(id));
    let known: KnownOffsets;
    try {
      known = await this.#knownOffsets(starting);
    } catch (error) {
      for (const { task } of starting) events.failed(task.taskId, error);
      return;
    }
    await Promise.all(starting.map((one) => this.#ready(one, known, events)));
  }

  async #ready(one: Starting, known: KnownOffsets, events: StartEvents): Promise<void> {
    const { task, output, sources, stores } = one;
    const { settings, restorer } = this.#options;
    try {
      const positions = startPositions(
        distinct(sources).map((source) => ({
          ...known.committed(source),
          begin: known.begin(source),
          end: known.end(source),
        })),
        settings,
      );
      if (events.wanted(task.taskId))
        await Promise.all(
          stores.map((changelog) =>
            restorer.restore({
              ...changelog,
              task: task.taskId,
              from: Math.max(changelog.store.position, known.begin(changelog)),
              end: known.end(changelog),
            }),
          ),
        );
      if (!events.wanted(task.taskId)) {
        task.close();
        return;
      }
      this.#open(task, sources, positions);
      events.ready({ task, output });
    } catch (error) {
      task.close();
      events.failed(task.taskId, error);
    }
  }

  #create(id: string): Starting {
    const { topology, environment, destinations, settings } = this.#options;
    const [index, partition = 0] = id.split("_").map(Number);
    const subTopology = topology.subTopologies.find((candidate) => candidate.id === index);
    if (subTopology === undefined) throw new Error(`"${id}" is no task of this topology`);
    const output = new TaskOutput(destinations, partition);
    const task = new Task(subTopology, partition, environment, output);
    const stores = subTopology.stores
      .filter(({ changelog }) => changelog)
      .map(({ name }) => ({
        store: task.store(name),
        topic: changelogTopic(settings.applicationId, name),
        partition,
      }));
    return { task, output, sources: this.#sourcesOf(task), stores };
  }

  #sourcesOf(task: Task): readonly Source[] {
    const { settings, plan } = this.#options;
    const { partition } = task;
    return (
      task.subTopology.sources
        .map((node) => ({ node, topic: sourceTopic(node, settings.applicationId), partition }))
        // Of source topics with different numbers of partitions the smaller ones have none for the last tasks.
        .filter(({ topic }) => partition < (plan.partitions.get(topic) ?? 0))
    );
  }

  async #knownOffsets(starting: readonly Starting[]): Promise<KnownOffsets> {
    const { settings, coordinator } = this.#options;
    const { transport } = settings;
    const sources = distinct(starting.flatMap((one) => one.sources));
    const logs = [...sources, ...starting.flatMap(({ stores }) => stores)];
    const committed = await coordinator.fetchOffsets(sources);
    const [begins, ends] = await Promise.all([
      transport.listOffsets(logs, "earliest", false),
      // The high watermark, not the last stable offset: a predecessor's commit may still be being written there.
      transport.listOffsets(logs, "latest", false),
    ]);
    const byName = (offsets: typeof begins): ReadonlyMap<string, number> =>
      new Map(
        offsets.map(({ partition: at, offset }) => [topicPartitionName(at.topic, at.partition), offset]),
      );
    const [first, last] = [byName(begins), byName(ends)];
    const offsets = new Map(committed.map((one) => [topicPartitionName(one.topic, one.partition), one]));
    return {
      begin: ({ topic, partition }) => first.get(topicPartitionName(topic, partition)) ?? 0,
      end: ({ topic, partition }) => last.get(topicPartitionName(topic, partition)) ?? 0,
      committed: ({ topic, partition }) =>
        offsets.get(topicPartitionName(topic, partition)) ?? {
          topic,
          partition,
          offset: -1,
          leaderEpoch: -1,
          metadata: "",
        },
    };
  }

  #open(task: Task, sources: readonly Source[], positions: readonly CommittedOffset[]): void {
    const numbers: CommittedNumbers[] = [];
    const starts = new Map<string, SourcePosition>();
    for (const { topic, partition, offset, metadata } of positions) {
      const name = topicPartitionName(topic, partition);
      const known = decodeOffsetMetadata(metadata);
      starts.set(name, { offset, partitionTime: known.partitionTime });
      numbers.push(known.numbers);
    }
    task.open(CommittedNumbers.merged(numbers), (node) => {
      const source = sources.find((candidate) => candidate.node === node);
      if (source === undefined) return undefined;
      const start = starts.get(topicPartitionName(source.topic, source.partition));
      return start === undefined ? undefined : this.#newQueue(task, source, start);
    });
  }

  #newQueue(
    task: Task,
    { topic, partition, node: { key, value, role, operator } }: Source,
    start: SourcePosition,
  ): SourceQueue {
    const { environment, unreadable, fetcher } = this.#options;
    if (key === undefined || value === undefined)
      throw new Error(`"${operator}" of "${topic}" has no serdes`);
    const timestamp = role.type === "source" ? role.topic.timestamp : undefined;
    return new SourceQueue({ topic, partition, key, value, timestamp }, start, {
      take: () => fetcher.take(topic, partition),
      end: () => fetcher.endOffset(topic, partition),
      fetchFrom: (position) => fetcher.add(topic, partition, position),
      unreadable: (error, queue) => unreadable(task, queue, error),
      undecodable: (error, queue) => task.undecodable(error, queue),
      negativeTimestamp: (queue) => task.negativeTimestamp(queue),
      now: () => environment.clock.monotonic(),
      ready: () => environment.wake(),
    });
  }
}
