import type { StageNode } from "../../stages.ts";
import type { Topology } from "../../topology.ts";
import type { Fetcher } from "../../transport/fetcher.ts";
import type { CommittedOffset, GroupCoordinator } from "../../transport/group-coordinator.ts";
import { type TopicPartition, topicPartitionName } from "../../transport/topic-partition.ts";
import type { AppSettings } from "../app/app-options.ts";
import { changelogTopic } from "../topics/internal-topic-names.ts";
import { sourceTopic, type TopicPlan } from "../topics/plan.ts";
import type { Metrics } from "../app/metrics.ts";
import { CommittedNumbers } from "../topics/committed-numbers.ts";
import { decodeOffsetMetadata } from "../topics/offset-metadata.ts";
import { restore, type RestorePart } from "../restore/restore.ts";
import { SourceQueue } from "../task/source-queue.ts";
import { Task } from "../task/task.ts";
import type { TaskEnvironment } from "../task/task-environment.ts";

/** A task on its way to being active. */
export interface TaskStart {
  readonly id: string;
  /** Set when the group takes the task away again before it is ready. */
  abandoned: boolean;
}

interface Starting {
  readonly start: TaskStart;
  readonly task: Task;
  readonly sources: readonly (TopicPartition & { readonly node: StageNode })[];
  /** Changelogs still to be read. */
  open: number;
}

/** Brings tasks from an assignment to readiness: offsets, state, operators, input. */
export class TaskStarter {
  readonly #topology: Topology;
  readonly #settings: AppSettings;
  readonly #plan: TopicPlan;
  readonly #coordinator: GroupCoordinator;
  readonly #environment: TaskEnvironment;
  readonly #fetcher: Fetcher;
  readonly #metrics: Metrics;

  constructor(
    topology: Topology,
    settings: AppSettings,
    plan: TopicPlan,
    coordinator: GroupCoordinator,
    environment: TaskEnvironment,
    fetcher: Fetcher,
    metrics: Metrics,
  ) {
    this.#topology = topology;
    this.#settings = settings;
    this.#plan = plan;
    this.#coordinator = coordinator;
    this.#environment = environment;
    this.#fetcher = fetcher;
    this.#metrics = metrics;
  }

  /**
   * Starts tasks together, and tells of each as it becomes ready. The offsets come first: asking for them waits for
   * a predecessor's transaction, and only after that the changelogs hold all that belongs to them.
   */
  async start(starts: readonly TaskStart[], ready: (start: TaskStart, task: Task) => void): Promise<void> {
    const starting = starts.map((start) => this.#create(start));
    const positions = await this.#positions(starting.flatMap(({ sources }) => sources));
    const open = (one: Starting): void => {
      if (one.start.abandoned) return;
      this.#open(one, positions);
      ready(one.start, one.task);
    };
    const parts = new Map<RestorePart, Starting>();
    for (const one of starting) {
      for (const part of this.#changelogs(one.task)) parts.set(part, one);
      if (one.open === 0) open(one);
    }
    await restore(this.#settings.transport, [...parts.keys()], {
      metrics: this.#metrics,
      clock: this.#settings.clock,
      abandoned: (part) => parts.get(part)?.start.abandoned ?? true,
      restored: (part) => {
        const one = parts.get(part);
        if (one !== undefined && --one.open === 0) open(one);
      },
    });
  }

  #create(start: TaskStart): Starting {
    const [id, partition] = start.id.split("_").map(Number);
    const part = this.#topology.subTopologies.find((candidate) => candidate.id === id);
    if (part === undefined || partition === undefined)
      throw new Error(`"${start.id}" is no task of this topology`);
    const task = new Task(part, partition, this.#environment);
    const sources = part.sources
      .map((node) => ({ node, topic: sourceTopic(node, this.#settings.applicationId), partition }))
      // Of source topics with different numbers of partitions the smaller ones have none for the last tasks.
      .filter(({ topic }) => partition < (this.#plan.partitions.get(topic) ?? 0));
    return { start, task, sources, open: part.stores.filter(({ changelog }) => changelog).length };
  }

  #changelogs(task: Task): readonly RestorePart[] {
    return task.part.stores
      .filter(({ changelog }) => changelog)
      .map(({ name }) => ({
        store: task.store(name),
        topic: changelogTopic(this.#settings.applicationId, name),
        partition: task.partition,
      }));
  }

  /** Where each source goes on: its committed offset, or where the settings say for one that has none. */
  async #positions(sources: readonly TopicPartition[]): Promise<ReadonlyMap<string, CommittedOffset>> {
    const { transport, startFrom, log } = this.#settings;
    const [committed, begins, first] = await Promise.all([
      this.#coordinator.fetchOffsets(sources),
      transport.listOffsets(sources, "earliest", false),
      transport.listOffsets(sources, startFrom, false),
    ]);
    const at = (offsets: typeof begins, name: string): number =>
      offsets.find(({ partition }) => topicPartitionName(partition.topic, partition.partition) === name)
        ?.offset ?? 0;
    return new Map(
      committed.map((position) => {
        const name = topicPartitionName(position.topic, position.partition);
        if (position.offset < 0) return [name, { ...position, offset: at(first, name) }];
        const begin = at(begins, name);
        if (position.offset < begin)
          log(
            "error",
            `${begin - position.offset} records of ${name} were deleted before they were read: the topic's retention is ` +
              "shorter than this application was behind; going on with the first that is left",
            { topic: position.topic, partition: position.partition, lost: begin - position.offset },
          );
        return [name, { ...position, offset: Math.max(begin, position.offset) }];
      }),
    );
  }

  #open({ task, sources }: Starting, positions: ReadonlyMap<string, CommittedOffset>): void {
    const numbers: CommittedNumbers[] = [];
    const partitionTimes = new Map<string, number>();
    for (const { topic, partition } of sources) {
      const name = topicPartitionName(topic, partition);
      const metadata = decodeOffsetMetadata(positions.get(name)?.metadata ?? "");
      partitionTimes.set(name, metadata.partitionTime);
      numbers.push(metadata.numbers);
    }
    task.open(CommittedNumbers.merged(numbers), (node) => {
      const source = sources.find((candidate) => candidate.node === node);
      const { key, value, role } = node;
      if (source === undefined || key === undefined || value === undefined) return undefined;
      const { topic, partition } = source;
      const name = topicPartitionName(topic, partition);
      const position = positions.get(name)?.offset;
      if (position === undefined) return undefined;
      this.#fetcher.add(topic, partition, position);
      return new SourceQueue(
        {
          topic,
          partition,
          key,
          value,
          timestamp: role.type === "source" ? role.topic.timestamp : undefined,
        },
        position,
        partitionTimes.get(name) ?? -1,
        {
          take: () => this.#fetcher.take(topic, partition),
          undecodable: (error, queue) => task.undecodable(error, queue),
          negativeTimestamp: (queue) => task.negativeTimestamp(queue),
          ready: () => this.#environment.wake(),
        },
      );
    });
  }
}
