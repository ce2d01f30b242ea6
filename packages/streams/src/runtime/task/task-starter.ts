import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import type { Fetcher } from "../../transport/fetcher.ts";
import { type TopicPartition, topicPartitionName } from "../../transport/topic-partition.ts";
import type { AppSettings } from "../app/app-options.ts";
import type { CurrentMembership } from "../group/current-membership.ts";
import { findStartPositions, type StartDecision } from "../topics/find-start-positions.ts";
import type { TopicPlan } from "../topics/plan.ts";
import type { Restorer } from "../restore/restorer.ts";
import { SourceChangelog } from "../restore/source-changelog.ts";
import type { PreparedTask, TaskSource } from "./prepared-task.ts";
import { stateAhead } from "./state-ahead.ts";
import { type SourcePosition, SourceQueue } from "./source-queue.ts";
import type { Task } from "./task.ts";
import type { TaskEnvironment } from "./task-environment.ts";

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

/** One of each partition: several sources may read it. */
const distinct = (sources: readonly TaskSource[]): readonly TopicPartition[] => [
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
    const starting: PreparedTask[] = [];
    for (const id of ids)
      try {
        starting.push(await this.#options.prepare(id));
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
  #decide(starting: readonly PreparedTask[]): Promise<ReadonlyMap<string, StartDecision>> {
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

  async #ready(one: PreparedTask, start: Start, events: StartEvents): Promise<void> {
    const { task, sources, stores } = one;
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
      if (events.wanted(task.taskId) && start.commitFirst) await this.#commitFirst(sources, start);
      if (!events.wanted(task.taskId)) {
        events.unwanted(one);
        return;
      }
      this.#open(task, sources, start);
      events.ready(one);
    } catch (error) {
      task.close();
      events.failed(task.taskId, error);
    }
  }

  async #commitFirst(sources: readonly TaskSource[], { positions }: Start): Promise<void> {
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

  #open(task: Task, sources: readonly TaskSource[], { positions, numbers }: Start): void {
    task.open(numbers, (node) => {
      const source = sources.find((candidate) => candidate.node === node);
      if (source === undefined) return undefined;
      const start = positions.get(topicPartitionName(source.topic, source.partition));
      return start === undefined ? undefined : this.#newQueue(task, source, start);
    });
  }

  #newQueue(
    task: Task,
    { topic, partition, node: { key, value, role, operator } }: TaskSource,
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
