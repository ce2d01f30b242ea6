import { messageOf } from "../../errors.ts";
import type { Topology } from "../../topology.ts";
import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import type { Fetcher } from "../../transport/fetcher.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { AppSettings } from "../app/app-options.ts";
import { AwakeTime } from "./awake-time.ts";
import { closeIdleTasks } from "./close-idle-tasks.ts";
import { Committer } from "./committer.ts";
import type { CurrentMembership } from "../group/current-membership.ts";
import type { Metrics } from "../app/metrics.ts";
import { memberEnvironment } from "./member-environment.ts";
import { OwnedTasks } from "./owned-tasks.ts";
import { repartitionTopics, type TopicPlan } from "../topics/plan.ts";
import { ProducerSlot } from "./producer-slot.ts";
import { RecordCollector } from "./record-collector.ts";
import { RepartitionPurge } from "../topics/repartition-purge.ts";
import { type TaskStart, TaskStarter } from "./task-starter.ts";
import { isVoid } from "./void-transaction.ts";
import { WakeUp } from "./wake-up.ts";

/** Records of one task between two looks at the others, and at the clock. */
const slice = 500;
/** Time after which the event loop gets a turn: sockets, heartbeats, timers. ms. */
const turnMs = 15;
/** Longest sleep of the loop: idleness is measured in its turns. ms. */
const longestSleepMs = 100;
/** Between the loss of a transaction and the next start of its tasks, ms. */
const startOverAfterMs = 200;

/**
 * The tasks of this process and the loop that runs them: process, punctuate, commit. One transactional producer
 * serves all of them (EOS-v2).
 */
export class Member {
  readonly #settings: AppSettings;
  readonly #membership: CurrentMembership;
  readonly #collector: RecordCollector;
  readonly #producer: ProducerSlot;
  readonly #fetcher: Fetcher;
  readonly #starter: TaskStarter;
  readonly #committer: Committer;
  readonly #tasks: OwnedTasks;
  readonly #wakeUp = new WakeUp();
  readonly #awake: AwakeTime;
  /** What ended a commit, or the start of tasks; looked at by the loop. */
  #trouble: unknown;
  #stopped = false;
  /** Something that must not be interleaved with the loop's own commits. */
  #exclusive: Promise<void> | undefined;
  /** Everything since the last commit is being dropped; nothing starts meanwhile. */
  #resetting: Promise<void> | undefined;

  constructor(
    topology: Topology,
    settings: AppSettings,
    plan: TopicPlan,
    coordinator: GroupCoordinator,
    membership: CurrentMembership,
    metrics: Metrics,
    processId: string,
  ) {
    const { transport, clock, applicationId, guarantee } = settings;
    this.#settings = settings;
    this.#membership = membership;
    this.#awake = new AwakeTime(clock);
    const purge = new RepartitionPurge(repartitionTopics(topology, applicationId), settings);
    this.#committer = new Committer(settings, metrics, membership, {
      wait: () => this.#wakeUp.sleep(clock, longestSleepMs),
      committed: (offsets) => purge.committed(offsets),
      failed: (error) => {
        this.#trouble ??= error;
      },
      done: () => this.#wakeUp.call(),
    });
    this.#collector = new RecordCollector(applicationId, plan, metrics);
    // Stable for a static member: its next life fences this one at once instead of waiting for the time-out.
    const transactionalId =
      guarantee === "exactly_once" ? `${applicationId}-${settings.instanceId ?? processId}` : undefined;
    this.#producer = new ProducerSlot(this.#collector, settings, transactionalId, [
      ...plan.partitions.keys(),
    ]);
    this.#fetcher = transport.createFetcher({
      readCommitted: guarantee === "exactly_once",
      maxWaitMs: 500,
      maxBytesPerPartition: settings.maxFetchBytesPerPartition,
      maxBytes: settings.maxFetchBytesPerPartition * 16,
      maxBufferedBytesPerPartition: settings.maxFetchBytesPerPartition * 2,
      maxBufferedBytes: settings.maxFetchBytesPerPartition * 64,
      onAvailable: () => this.#wakeUp.call(),
    });
    this.#tasks = new OwnedTasks(this.#fetcher);
    const environment = memberEnvironment(settings, metrics, this.#collector, () => this.#wakeUp.call());
    this.#starter = new TaskStarter(
      topology,
      settings,
      plan,
      coordinator,
      environment,
      this.#fetcher,
      metrics,
    );
  }

  /** Ids of the tasks that are processing. */
  get active(): readonly string[] {
    return [...this.#tasks.active.keys()];
  }

  /** Ids of the tasks whose state is still being restored. */
  get restoring(): readonly string[] {
    return [...this.#tasks.starting.keys()];
  }

  /** Records fetched positions are behind the ends of their partitions, as far as is known, by topic-partition. */
  get lag(): ReadonlyMap<string, number> {
    const lag = new Map<string, number>();
    for (const { queues } of this.#tasks.active.values())
      for (const { reading, position, endOffset } of queues)
        lag.set(`${reading.topic}-${reading.partition}`, Math.max(0, endOffset - position));
    return lag;
  }

  /** The group gave these tasks to this member. */
  assigned(taskIds: readonly string[]): void {
    this.#tasks.add(taskIds);
    this.#startMissing();
  }

  /** The group takes these tasks away: what they did is committed before this resolves. */
  async revoked(taskIds: readonly string[]): Promise<void> {
    this.#tasks.giveUp(taskIds);
    await this.#resetting;
    if (taskIds.some((id) => this.#tasks.active.has(id))) await this.#exclusively(() => this.#commitAll());
    for (const id of taskIds) this.#tasks.close(id);
  }

  /** Membership was lost: somebody else has these tasks already. Nothing of theirs may be committed. */
  async lost(): Promise<void> {
    this.#tasks.giveUpAll();
    await this.#reset();
  }

  /** Resolves when no commit is on the wire: a join must not change the generation under one. */
  async quiet(): Promise<void> {
    await this.#committer.settled();
  }

  /** Runs until `stop`. Rejects with what stopped a task, or with trouble that can't be mended by starting over. */
  async run(): Promise<void> {
    const { clock } = this.#settings;
    while (!this.#stopped) {
      if (this.#trouble !== undefined) await this.#recover();
      const awake = this.#awake.tick();
      const busy = this.#exclusive === undefined && this.#turn(clock.monotonic() + turnMs);
      await this.#closeIdle(awake);
      await this.#commitIfDue();
      if (busy) await new Promise<void>((resolve) => clock.setImmediate(resolve));
      else await this.#wakeUp.sleep(clock, this.#sleepMs());
    }
  }

  /** Commits, and ends the loop. */
  async stop(): Promise<void> {
    await this.#exclusively(async () => {
      if (this.#trouble === undefined) await this.#commitAll();
    });
    await this.abort();
  }

  /** Ends the loop without a commit: what was not committed is done again by whoever comes next. */
  async abort(): Promise<void> {
    this.#stopped = true;
    this.#wakeUp.call();
    this.#tasks.closeAll();
    await this.#fetcher.close();
    await this.#producer.discard();
  }

  async #exclusively(body: () => Promise<void>): Promise<void> {
    while (this.#exclusive !== undefined) await this.#exclusive.catch(() => undefined);
    const running = body();
    this.#exclusive = running;
    try {
      await running;
    } finally {
      this.#exclusive = undefined;
      this.#wakeUp.call();
    }
  }

  /** Starts what this member owns and does not run yet. */
  #startMissing(): void {
    if (this.#stopped || this.#resetting !== undefined) return;
    const starts = this.#tasks.begin();
    if (starts.length > 0) void this.#start(starts);
  }

  async #start(starts: readonly TaskStart[]): Promise<void> {
    try {
      await this.#producer.opened();
      await this.#starter.start(starts, (start, task) => {
        this.#tasks.ready(start, task);
        this.#settings.log("info", `task ${start.id} runs`, { task: start.id });
        this.#wakeUp.call();
      });
    } catch (error) {
      if (starts.every(({ abandoned }) => abandoned)) return;
      this.#trouble ??= error;
      this.#wakeUp.call();
    }
  }

  /** Runs every task for a while; whether there may be more to do at once. */
  #turn(until: number): boolean {
    const { clock, maxUncommittedBytes } = this.#settings;
    const { producer } = this.#collector;
    if (producer === undefined || producer.bufferedBytes > maxUncommittedBytes) return false;
    let busy = true;
    while (busy && clock.monotonic() < until) {
      busy = false;
      for (const task of this.#tasks.active.values()) if (task.process(slice) === slice) busy = true;
    }
    for (const task of this.#tasks.active.values()) {
      task.punctuate();
      if (task.failure !== undefined) throw task.failure;
    }
    return busy;
  }

  async #commitIfDue(): Promise<void> {
    // After trouble there may be records of tasks that are gone, and no commit must take them along.
    if (this.#exclusive !== undefined || this.#trouble !== undefined) return;
    const { producer } = this.#collector;
    if (!this.#committer.isDue(producer?.bufferedBytes ?? 0)) return;
    await this.#exclusively(() => this.#committer.begin(this.#tasks.active.values(), producer));
  }

  async #commitAll(): Promise<void> {
    await this.#committer.settled();
    if (this.#trouble !== undefined) return;
    await this.#committer.begin(this.#tasks.active.values(), this.#collector.producer);
    await this.#committer.settled();
  }

  /** A transaction was lost, or a task could not start: everything since the last commit is void. Starts over. */
  async #recover(): Promise<void> {
    const trouble = this.#trouble;
    if (!isVoid(trouble)) throw trouble;
    this.#settings.log("warn", `starting over from the last commit: ${messageOf(trouble)}`, {
      code: trouble instanceof TransportError ? trouble.kafkaError : "UNKNOWN",
    });
    await this.#reset(startOverAfterMs);
  }

  /** Drops everything since the last commit. What this member still owns `afterMs` later starts over from there. */
  #reset(afterMs = 0): Promise<void> {
    this.#resetting ??= this.#dropAll(afterMs).finally(() => {
      this.#resetting = undefined;
      this.#startMissing();
    });
    return this.#resetting;
  }

  async #dropAll(afterMs: number): Promise<void> {
    this.#tasks.closeAll();
    await this.#committer.settled();
    await this.#producer.discard();
    this.#trouble = undefined;
    if (afterMs > 0)
      await new Promise<void>((resolve) => void this.#settings.clock.setTimeout(resolve, afterMs));
  }

  async #closeIdle(awake: number): Promise<void> {
    const tasks = [...this.#tasks.active.values()];
    // While partitions move, quiet means nothing.
    if (this.#membership.joining || this.#tasks.starting.size > 0) for (const task of tasks) task.notIdle();
    else await closeIdleTasks(tasks, awake, this.#settings);
  }

  #sleepMs(): number {
    const { clock } = this.#settings;
    let next = longestSleepMs;
    const active = [...this.#tasks.active.values()];
    if (active.some((task) => task.hasSomethingToCommit)) next = Math.min(next, this.#committer.dueInMs);
    for (const { nextPunctuation } of active) next = Math.min(next, nextPunctuation - clock.now());
    return Math.max(1, next);
  }
}
