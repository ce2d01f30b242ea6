import { MillraceError } from "../../errors.ts";
import type { StageNode } from "../../stages.ts";
import type { SubTopology } from "../../sub-topology.ts";
import type { Topology } from "../../topology.ts";
import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import type { Fetcher } from "../../transport/fetcher.ts";
import { type TopicPartition, topicPartitionName } from "../../transport/topic-partition.ts";
import type { AppSettings } from "../app/app-options.ts";
import { changelogTopic, hasOwnChangelog } from "../topics/internal-topic-names.ts";
import type { CurrentMembership } from "../group/current-membership.ts";
import { findStartPositions, type StartDecision } from "../topics/find-start-positions.ts";
import { sourceTopic, type TopicPlan } from "../topics/plan.ts";
import { SourceChangelog } from "../restore/source-changelog.ts";
import type { Changelog, Restorer } from "../restore/restorer.ts";
import type { KeptState } from "./kept-state.ts";
import type { SourceReading } from "./source-reading.ts";
import { type SourcePosition, SourceQueue } from "./source-queue.ts";
import { type Destinations, TaskOutput } from "./task-output.ts";
import { Task } from "./task.ts";
import type { TaskEnvironment } from "./task-environment.ts";

/** What tasks are made of. */
export interface TaskStarterOptions {
  readonly topology: Topology;
  readonly settings: AppSettings;
  readonly plan: TopicPlan;
  readonly coordinator: GroupCoordinator;
  readonly membership: CurrentMembership;
  readonly environment: TaskEnvironment;
  readonly destinations: Destinations;
  readonly fetcher: Fetcher;
  readonly restorer: Restorer;
  readonly kept: KeptState;
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
  readonly stores: readonly Kept[];
}

interface Kept extends Pick<Changelog, "store" | "topic" | "partition"> {
  /** How the topic is read, where it is a source that serves as the changelog. */
  readonly source: SourceReading | undefined;
}

type Start = Extract<StartDecision, { readonly kind: "start" }>;

/** Its directory holds what its changelog does not: the brokers have lost what they had acknowledged. */
const stateAhead = ({ store, topic, partition }: Starting["stores"][number], end: number): MillraceError =>
  new MillraceError(
    `the state directory has "${store.name}" up to offset ${store.position} of ${topic}-${partition}, which ends at ` +
      `${end}: brokers have lost what they had acknowledged. Delete the state directory to go on with what they have`,
    { code: "STATE_AHEAD" },
  );

/** How a source topic is read by the table that has it as its changelog. */
const sourceReading = ({ sources }: SubTopology, topic: string, partition: number): SourceReading => {
  for (const { role, key, value } of sources)
    if (role.type === "source" && role.nulls && role.topic.name === topic && key && value)
      return { topic, partition, key, value, timestamp: role.topic.timestamp };
  throw new Error(`"${topic}" is no source of a table`);
};

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
    const starting: Starting[] = [];
    for (const id of ids)
      try {
        starting.push(await this.#create(id));
      } catch (error) {
        events.failed(id, error);
      }
    let decisions: ReadonlyMap<string, StartDecision>;
    try {
      decisions = await this.#decide(starting);
    } catch (error) {
      for (const { task } of starting) {
        task.close();
        events.failed(task.taskId, error);
      }
      return;
    }
    const ready: Promise<void>[] = [];
    for (const one of starting) {
      const decision = decisions.get(one.task.taskId);
      if (decision?.kind === "start") ready.push(this.#ready(one, decision, events));
      else {
        one.task.close();
        events.failed(one.task.taskId, decision?.error);
      }
    }
    await Promise.all(ready);
  }

  /** Where each task goes on, or why its offsets and its state do not belong together. */
  #decide(starting: readonly Starting[]): Promise<ReadonlyMap<string, StartDecision>> {
    const { settings, coordinator, plan } = this.#options;
    const { transport, guarantee, clock, log } = settings;
    return findStartPositions(
      starting.map(({ task, sources, stores }) => ({
        id: task.taskId,
        sources: distinct(sources),
        changelogs: stores.map(({ store, topic, partition, source }) => ({
          store: store.name,
          topic,
          partition,
          isSource: source !== undefined,
        })),
      })),
      {
        transport,
        coordinator,
        plan,
        policy: settings,
        exactlyOnce: guarantee === "exactly_once",
        clock,
        log,
      },
    );
  }

  async #ready(one: Starting, start: Start, events: StartEvents): Promise<void> {
    const { task, output, sources, stores } = one;
    const { restorer } = this.#options;
    try {
      if (events.wanted(task.taskId))
        await Promise.all(
          stores.map((changelog) => {
            const name = topicPartitionName(changelog.topic, changelog.partition);
            const { begin, end } = start.changelogs.get(name) ?? { begin: 0, end: 0 };
            const { source } = changelog;
            // Of a source the offset may have been set back: what comes again makes the same rows.
            if (source === undefined && changelog.store.position > end) throw stateAhead(changelog, end);
            return restorer.restore({
              ...changelog,
              source: source === undefined ? undefined : new SourceChangelog(source, end),
              task: task.taskId,
              from: Math.max(changelog.store.position, begin),
              end,
            });
          }),
        );
      if (events.wanted(task.taskId) && start.commitFirst) await this.#commitFirst(sources, start);
      if (!events.wanted(task.taskId)) {
        task.close();
        return;
      }
      this.#open(task, sources, start);
      events.ready({ task, output });
    } catch (error) {
      task.close();
      events.failed(task.taskId, error);
    }
  }

  async #commitFirst(sources: readonly Source[], { positions }: Start): Promise<void> {
    const { coordinator, membership } = this.#options;
    await coordinator.commitOffsets(
      membership.current(),
      distinct(sources).map(({ topic, partition }) => ({
        topic,
        partition,
        offset: positions.get(topicPartitionName(topic, partition))?.offset ?? 0,
        leaderEpoch: -1,
        metadata: "",
      })),
    );
  }

  async #create(id: string): Promise<Starting> {
    const { topology, environment, destinations, settings, kept, plan } = this.#options;
    const [index, partition = 0] = id.split("_").map(Number);
    const subTopology = topology.subTopologies.find((candidate) => candidate.id === index);
    if (subTopology === undefined) throw new Error(`"${id}" is no task of this topology`);
    const output = new TaskOutput(destinations, partition, environment.metrics.task(id));
    const state = await kept.open(subTopology, partition, settings.applicationId, plan);
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

  #open(task: Task, sources: readonly Source[], { positions, numbers }: Start): void {
    task.open(numbers, (node) => {
      const source = sources.find((candidate) => candidate.node === node);
      if (source === undefined) return undefined;
      const start = positions.get(topicPartitionName(source.topic, source.partition));
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
    const consumed = environment.metrics.task(task.taskId).consumed.of(topic);
    return new SourceQueue({ topic, partition, key, value, timestamp }, start, {
      take: () => {
        const chunk = fetcher.take(topic, partition);
        if (chunk !== undefined) consumed.bytes += chunk.byteLength;
        return chunk;
      },
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
