import type { StageNode } from "../../stages.ts";
import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import type { Fetcher } from "../../transport/fetcher.ts";
import { type TopicPartition, topicPartitionName } from "../../transport/topic-partition.ts";
import type { AppSettings } from "../settings/app-options.ts";
import type { CurrentMembership } from "../group/current-membership.ts";
import { findStartPositions, type StartDecision } from "../topics/find-start-positions.ts";
import type { TopicPlan } from "../topics/plan.ts";
import { sourceTopics } from "../topics/source-topics.ts";
import type { Restorer } from "../restore/restorer.ts";
import { SourceChangelog } from "../restore/source-changelog.ts";
import type { PreparedTask } from "../task/prepared-task.ts";
import { sourceSerdes } from "../topics/source-serdes.ts";
import type { TopicsRead } from "../task/sources-by-topic.ts";
import { stateAhead } from "../task/state-ahead.ts";
import { type SourcePosition, SourceQueue } from "../task/source-queue.ts";
import type { Task } from "../task/task.ts";
import type { TaskEnvironment } from "../task/task-environment.ts";

/** What tasks are made of. */
export interface TaskStarterOptions {
  readonly settings: AppSettings;
  readonly plan: TopicPlan;
  readonly coordinator: GroupCoordinator;
  readonly membership: CurrentMembership;
  readonly environment: TaskEnvironment;
  readonly fetcher: Fetcher;
  readonly restorer: Restorer;
  /** Makes a task, or answers the one whose standby is here: with what it has of its state. */
  readonly prepare: (id: string) => Promise<PreparedTask>;
  /** A position is in the log no more, or a batch can't be read. */
  readonly unreadable: (task: Task, queue: SourceQueue, error: unknown) => void;
}

/** What becomes of tasks that are started; a task is named by its id. */
export interface StartEvents {
  /** Whether it is still to be started. */
  wanted(id: string): boolean;
  ready(started: PreparedTask): void;
  /** It is not to be started any more. What it has of its state is as good as a standby's. */
  unwanted(prepared: PreparedTask): void;
  failed(id: string, error: unknown): void;
}

type Start = Extract<StartDecision, { readonly kind: "start" }>;

/** A task on its way, and what it is to read: the plan may change before it is there. */
interface Starting {
  readonly prepared: PreparedTask;
  readonly topicsRead: TopicsRead;
  /** Each once, though several sources may read it. */
  readonly partitions: readonly TopicPartition[];
}

/** Brings tasks from an assignment to readiness: offsets, state, operators, input. */
export class TaskStarter {
  readonly #options: TaskStarterOptions;
  /** Have those look again that wait for brokers. */
  readonly #looks = new Set<(nothing: undefined) => void>();

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
        starting.push(this.#starting(await this.#options.prepare(id)));
      } catch (error) {
        events.failed(id, error);
      }
    const { waiting, decisions } = await this.#decided(starting, events);
    const ready: Promise<void>[] = [];
    for (const one of waiting) {
      const { task } = one.prepared;
      const decision = decisions.get(task.taskId);
      if (decision?.kind === "start") ready.push(this.#ready(one, decision, events));
      else {
        task.close();
        events.failed(task.taskId, decision?.error);
      }
    }
    await Promise.all(ready);
  }

  /** A start is not wanted any more: whatever it asks and waits for, what it has of the task's state is free at once. */
  abandon(): void {
    for (const look of this.#looks) look(undefined);
  }

  /** Asks where tasks go on, again without those that are not wanted any more: they may read what is there no more. */
  async #decided(
    starting: readonly Starting[],
    events: StartEvents,
  ): Promise<{
    readonly waiting: readonly Starting[];
    readonly decisions: ReadonlyMap<string, StartDecision>;
  }> {
    let waiting = starting;
    let asked: Promise<ReadonlyMap<string, StartDecision>> | undefined;
    for (;;) {
      const unwanted = waiting.filter(({ prepared }) => !events.wanted(prepared.task.taskId));
      for (const { prepared } of unwanted) events.unwanted(prepared);
      waiting = waiting.filter((one) => !unwanted.includes(one));
      if (waiting.length === 0) return { waiting, decisions: new Map() };
      if (asked === undefined || unwanted.length > 0) asked = this.#asked(waiting);
      const { promise: abandoned, resolve: look } = Promise.withResolvers<undefined>();
      this.#looks.add(look);
      const decisions = await Promise.race([asked, abandoned]);
      this.#looks.delete(look);
      if (decisions !== undefined) return { waiting, decisions };
    }
  }

  /** Never rejects: where it can't be asked, every task fails. */
  async #asked(starting: readonly Starting[]): Promise<ReadonlyMap<string, StartDecision>> {
    try {
      return await this.#decide(starting);
    } catch (error) {
      return new Map(starting.map(({ prepared }) => [prepared.task.taskId, { kind: "stop", error }]));
    }
  }

  /** What there is of a task may be older than the plan, as a standby's state is: what it reads is asked for here. */
  #starting(prepared: PreparedTask): Starting {
    const { settings, plan } = this.#options;
    const { partition, subTopology } = prepared.task;
    const { matched, partitions } = plan;
    const topicsRead = (source: StageNode): readonly string[] =>
      // Of source topics with different numbers of partitions the smaller ones have none for the last tasks.
      sourceTopics(source, settings.applicationId, matched).filter(
        (topic) => partition < (partitions.get(topic) ?? 0),
      );
    const topics = new Set(subTopology.sources.flatMap(topicsRead));
    return { prepared, topicsRead, partitions: [...topics].map((topic) => ({ topic, partition })) };
  }

  /** Where each task goes on, or why its offsets and its state do not belong together. */
  #decide(starting: readonly Starting[]): Promise<ReadonlyMap<string, StartDecision>> {
    const { settings, coordinator, plan } = this.#options;
    const { transport, guarantee, clock, log } = settings;
    return findStartPositions(
      starting.map(({ prepared: { task, stores }, partitions }) => ({
        id: task.taskId,
        sources: partitions,
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
    const { task, stores } = one.prepared;
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
              pendingBytes: () => task.pendingStateBytes,
              from: Math.max(changelog.store.position, begin),
              end,
            });
          }),
        );
      if (events.wanted(task.taskId) && start.commitFirst) await this.#commitFirst(one, start);
      if (!events.wanted(task.taskId)) {
        events.unwanted(one.prepared);
        return;
      }
      this.#open(one, start);
      events.ready(one.prepared);
    } catch (error) {
      task.close();
      events.failed(task.taskId, error);
    }
  }

  async #commitFirst({ partitions }: Starting, { positions }: Start): Promise<void> {
    const { coordinator, membership } = this.#options;
    await coordinator.commitOffsets(
      membership.current(),
      partitions.map(({ topic, partition }) => ({
        topic,
        partition,
        offset: positions.get(topicPartitionName(topic, partition))?.offset ?? 0,
        leaderEpoch: -1,
        metadata: "",
      })),
    );
  }

  #open({ prepared: { task }, topicsRead }: Starting, { positions, numbers }: Start): void {
    task.open(numbers, {
      topicsRead,
      openQueue: (source, topic) => {
        const start = positions.get(topicPartitionName(topic, task.partition));
        return start === undefined ? undefined : this.#newQueue(task, source, topic, start);
      },
    });
  }

  #newQueue(task: Task, source: StageNode, topic: string, start: SourcePosition): SourceQueue {
    const { environment, unreadable, fetcher } = this.#options;
    const { partition } = task;
    const consumed = environment.metrics.task(task.taskId).consumed.of(topic);
    return new SourceQueue({ topic, partition, ...sourceSerdes(source, topic) }, start, {
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
