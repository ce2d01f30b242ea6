import { type MillraceError, messageOf } from "../../errors.ts";
import type { Topology } from "../../topology.ts";
import type { Fetcher } from "../../transport/fetcher.ts";
import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import { topicPartitionName } from "../../transport/topic-partition.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { AppSettings } from "../app/app-options.ts";
import { countCommit } from "../app/count-commit.ts";
import type { UncaughtDecision } from "../app/error-handlers.ts";
import type { Metrics } from "../app/metrics.ts";
import type { GlobalStores } from "../global/global-stores.ts";
import type { CurrentMembership } from "../group/current-membership.ts";
import type { MembershipListener } from "../group/membership-listener.ts";
import { Restorer } from "../restore/restorer.ts";
import { KeptState } from "../task/kept-state.ts";
import { Refusals } from "../task/refusals.ts";
import { type StartedTask, TaskStarter } from "../task/task-starter.ts";
import type { Task } from "../task/task.ts";
import { repartitionTopics, type TopicPlan } from "../topics/plan.ts";
import { RepartitionPurge } from "../topics/repartition-purge.ts";
import { complete, seal, type SealedCommit } from "./commit.ts";
import { Loop } from "./loop.ts";
import type { MemberEffect } from "./member-effect.ts";
import type { MemberEvent } from "./member-event.ts";
import { memberLimits } from "./member-limits.ts";
import { initialState, type MemberState } from "./member-state.ts";
import { Producers } from "./producers.ts";
import { Reposition } from "./reposition.ts";
import { putBack } from "./put-back.ts";
import { step } from "./step.ts";

/** As many commits in a row may be refused for their records, before that is taken for something else. */
const mostRefusals = 5;

/** Between giving the tasks up and joining again, at most, ms. */
const longestPauseMs = 10_000;

/** An event without its time, which is that of its being looked at. */
type Untimed<Event> = Event extends MemberEvent ? Omit<Event, "at"> : never;

export interface MemberOptions {
  readonly topology: Topology;
  readonly settings: AppSettings;
  readonly plan: TopicPlan;
  readonly coordinator: GroupCoordinator;
  readonly membership: CurrentMembership;
  readonly metrics: Metrics;
  readonly globals: GlobalStores;
  readonly processId: string;
  /** Gives membership up, so that others go on, and takes it up again when `until` resolves. */
  readonly stepBack: (until: Promise<void>) => void;
  /** Which tasks run may have changed. */
  readonly moved: () => void;
  /** Asks all members of the application to stop, and then stops this one. */
  readonly stopAll: (error: unknown) => void;
  /** Something that starting over does not mend. */
  readonly failed: (error: unknown) => void;
}

/**
 * The tasks of this process, their producer and their commits (EOS-v2: one transactional producer serves all). What is
 * decided is decided by `step`; this does what it says, and tells it what came of that. All of it runs in the turns of
 * one loop: whatever is asynchronous posts a letter.
 */
export class Member implements Omit<MembershipListener, "stopped"> {
  readonly #options: MemberOptions;
  readonly #loop: Loop;
  readonly #tasks = new Map<string, StartedTask>();
  readonly #producers: Producers;
  readonly #fetcher: Fetcher;
  readonly #restorer: Restorer;
  readonly #kept: KeptState;
  readonly #starter: TaskStarter;
  readonly #purge: RepartitionPurge;
  readonly #refusals = new Refusals();
  readonly #limits: ReturnType<typeof memberLimits>;
  readonly #replies = new Map<number, () => void>();
  #state: MemberState = initialState;
  #sealed: SealedCommit | undefined;
  #tokens = 0;
  #refused = 0;
  /** The application is told once, and then ends. */
  #failed = false;

  constructor(options: MemberOptions) {
    this.#options = options;
    const { topology, settings, plan, coordinator, metrics, globals, processId } = options;
    const { transport, clock, log, applicationId, guarantee, instanceId } = settings;
    this.#limits = memberLimits(settings);
    this.#loop = new Loop({
      settings,
      metrics,
      state: () => this.#state,
      tasks: () => this.#tasks,
      producer: () => this.#producers.current,
      restorer: () => this.#restorer,
      dispatch: (event) => this.#dispatch(event),
      failed: (task) => this.#taskFailed(task),
    });
    const wake = (): void => this.#loop.wake();
    // Stable for a static member: its next life fences this one at once instead of waiting for the time-out.
    const transactionalId =
      guarantee === "exactly_once" ? `${applicationId}-${instanceId ?? processId}` : undefined;
    this.#producers = new Producers(settings, transactionalId, [...plan.partitions.keys()]);
    this.#purge = new RepartitionPurge(repartitionTopics(topology, applicationId), settings);
    const { maxFetchBytesPerPartition } = settings;
    this.#fetcher = transport.createFetcher({
      readCommitted: guarantee === "exactly_once",
      maxWaitMs: 500,
      maxBytesPerPartition: maxFetchBytesPerPartition,
      maxBytes: maxFetchBytesPerPartition * 16,
      maxBufferedBytesPerPartition: maxFetchBytesPerPartition * 2,
      maxBufferedBytes: settings.maxBufferedBytes,
      onAvailable: wake,
    });
    this.#restorer = new Restorer({ transport, clock, log, metrics, onAvailable: wake });
    this.#kept = new KeptState(settings.state, log);
    void this.#kept.cleanUp(settings.stateCleanupDelayMs);
    const reposition = new Reposition(settings, plan, metrics, wake);
    this.#starter = new TaskStarter({
      topology,
      settings,
      plan,
      coordinator,
      membership: options.membership,
      environment: { ...settings, metrics, globals, expireInChangelog: true, emitIntervalMs: 0, wake },
      destinations: { applicationId, plan, metrics, refusals: this.#refusals },
      fetcher: this.#fetcher,
      restorer: this.#restorer,
      kept: this.#kept,
      unreadable: (task, queue, error) => reposition.unreadable(task, queue, error),
    });
  }

  /** Ids of the tasks that are processing. */
  get active(): readonly string[] {
    return this.#idsOf("running", "draining");
  }

  /** Ids of the tasks that are not processing yet, or again. */
  get restoring(): readonly string[] {
    return this.#idsOf("wanted", "starting", "suspended", "resuming");
  }

  /** Records between the positions and the ends of their partitions, by topic-partition. */
  get lag(): ReadonlyMap<string, number> {
    const lag = new Map<string, number>();
    for (const { task } of this.#tasks.values())
      for (const queue of task.queues) lag.set(topicPartitionName(queue.topic, queue.partition), queue.lag);
    return lag;
  }

  assigned(tasks: readonly string[]): void {
    this.#post({ type: "assigned", tasks });
  }

  revoked(tasks: readonly string[]): Promise<void> {
    return this.#ask((token) => ({ type: "revoked", tasks, token }));
  }

  beforeJoin(): Promise<void> {
    return this.#ask((token) => ({ type: "joining", token }));
  }

  lost(): Promise<void> {
    return new Promise((resolve) =>
      this.#loop.post(() => {
        const tasks = this.active;
        if (tasks.length > 0)
          this.#options.settings.log(
            "warn",
            `membership was lost, and with it the tasks ${tasks.join(", ")}: what they did since the last commit is ` +
              "done again by whoever has them now",
            { tasks },
          );
        this.#dispatch({ type: "lost" });
        resolve();
      }),
    );
  }

  changed(state: "joining" | "stable"): void {
    if (state === "stable") this.#post({ type: "joined" });
  }

  /** Whether every task that the group has given to this member processes. */
  get allRun(): boolean {
    for (const { phase } of this.#state.tasks.values())
      if (phase !== "running" && phase !== "draining") return false;
    return true;
  }

  /** Runs until `stop`. Rejects with a fault of its own. */
  async run(): Promise<void> {
    try {
      await this.#loop.run();
    } finally {
      this.#loop.end();
      this.#dispatch({ type: "stop", token: 0, by: 0 });
      this.#dispatch({ type: "overdue" });
      await this.#restorer.close();
      await this.#fetcher.close();
      await this.#producers.closed();
      await this.#kept.end();
    }
  }

  /** Commits, and ends the loop; after `timeoutMs` without a commit: what it would have held is done again. */
  stop(timeoutMs: number | undefined): Promise<void> {
    const { clock } = this.#options.settings;
    const { settleMs, wireMs } = this.#limits;
    const by = clock.monotonic() + (timeoutMs ?? 2 * (settleMs + wireMs));
    return this.#ask((token) => ({ type: "stop", token, by }));
  }

  #idsOf(...phases: readonly string[]): readonly string[] {
    return [...this.#state.tasks].filter(([, { phase }]) => phases.includes(phase)).map(([id]) => id);
  }

  #post(event: Untimed<MemberEvent>): void {
    this.#loop.post(() => this.#dispatch(event));
  }

  #ask(question: (token: number) => Untimed<MemberEvent>): Promise<void> {
    const token = ++this.#tokens;
    return new Promise((resolve) => {
      this.#replies.set(token, resolve);
      this.#post(question(token));
    });
  }

  #dispatch(event: Untimed<MemberEvent>): void {
    const at = this.#options.settings.clock.monotonic();
    const { state, effects } = step(this.#state, { ...event, at }, this.#limits);
    this.#state = state;
    const starts = effects.filter((effect) => effect.type === "start");
    for (const effect of effects) this.#do(effect);
    if (starts.length > 0) void this.#start(starts);
    this.#options.moved();
  }

  /** How long others are left to go on with tasks that this member gave up. */
  #pause(): Promise<void> {
    const { clock, maxStallMs } = this.#options.settings;
    return new Promise((resolve) => void clock.setTimeout(resolve, Math.min(maxStallMs, longestPauseMs)));
  }

  #do(effect: MemberEffect): void {
    switch (effect.type) {
      case "open":
        void this.#open(effect.epoch);
        return;
      case "shut":
        this.#sealed = undefined;
        for (const { output } of this.#tasks.values()) output.use(undefined);
        this.#producers.shut(effect.epoch);
        return;
      case "start":
        return; // all of one step together
      case "abandon":
        this.#restorer.abandon(effect.task);
        return;
      case "run":
        this.#tasks.get(effect.task)?.output.use(this.#producers.current);
        this.#loop.wake();
        return;
      case "suspend":
        this.#tasks.get(effect.task)?.task.suspend();
        return;
      case "resume":
        void this.#resume(effect.epoch, effect.tasks);
        return;
      case "seal":
        this.#seal(effect.commit, effect.epoch, effect.tasks);
        return;
      case "close":
        this.#close(effect.task);
        return;
      case "reply":
        this.#replies.get(effect.token)?.();
        this.#replies.delete(effect.token);
        return;
      case "leave":
        this.#options.stepBack(this.#pause());
        return;
      case "end":
        this.#loop.end();
        return;
    }
  }

  async #open(epoch: number): Promise<void> {
    try {
      await this.#producers.open(epoch);
      this.#post({ type: "opened", epoch });
    } catch (error) {
      this.#troubled(error, "a producer could not be opened", { type: "notOpened", epoch });
    }
  }

  async #start(starts: readonly { readonly task: string; readonly life: number }[]): Promise<void> {
    const lives = new Map(starts.map(({ task, life }) => [task, life]));
    const lifeOf = (id: string): number => lives.get(id) ?? 0;
    const isWanted = (id: string): boolean => {
      const owned = this.#state.tasks.get(id);
      return owned?.phase === "starting" && owned.life === lifeOf(id);
    };
    await this.#starter.start([...lives.keys()], {
      wanted: isWanted,
      ready: (started) => {
        const id = started.task.taskId;
        this.#loop.post(() => {
          if (!isWanted(id)) {
            this.#closeTask(started.task);
            return;
          }
          this.#tasks.set(id, started);
          this.#options.settings.log("info", `task ${id} runs`, { task: id });
          this.#dispatch({ type: "started", task: id, life: lifeOf(id) });
        });
      },
      failed: (id, error) => {
        if (isWanted(id))
          this.#troubled(error, `task ${id} could not be started`, {
            type: "notStarted",
            task: id,
            life: lifeOf(id),
          });
      },
    });
  }

  async #resume(epoch: number, ids: readonly string[]): Promise<void> {
    const together = ids.flatMap((id) => this.#tasks.get(id)?.task ?? []);
    const sources = together.flatMap(({ queues }) =>
      queues.map(({ topic, partition }) => ({ topic, partition })),
    );
    try {
      const committed = await this.#options.coordinator.fetchOffsets(sources);
      this.#loop.post(() => {
        if (this.#state.epoch !== epoch) return;
        const tasks = together.filter(
          (task) =>
            this.#tasks.get(task.taskId)?.task === task &&
            this.#state.tasks.get(task.taskId)?.phase === "resuming",
        );
        const { resumed, anew } = putBack(tasks, together, committed);
        this.#dispatch({ type: "resumed", epoch, tasks: idsOf(resumed), anew: idsOf(anew) });
      });
    } catch (error) {
      this.#troubled(error, "the last commit could not be looked up", { type: "void", epoch });
    }
  }

  #seal(commit: number, epoch: number, ids: readonly string[]): void {
    const { membership, settings } = this.#options;
    const { current } = this.#producers;
    const started = settings.clock.monotonic();
    const tasks = ids.flatMap((id) => this.#tasks.get(id)?.task ?? []);
    const sealed = current === undefined ? undefined : seal(commit, tasks, current, membership.current());
    this.#sealed = sealed;
    if (sealed === undefined) {
      this.#post({ type: "durable", commit });
      return;
    }
    sealed.done.then(
      (result) =>
        this.#loop.post(() => {
          if (this.#sealed !== sealed) return;
          this.#sealed = undefined;
          complete(sealed, result, settings.applicationId);
          this.#durable(sealed, settings.clock.monotonic() - started);
          this.#dispatch({ type: "durable", commit });
        }),
      (error: unknown) => this.#loop.post(() => this.#commitFailed(error, epoch)),
    );
  }

  #durable({ offsets }: SealedCommit, tookMs: number): void {
    const { metrics, settings } = this.#options;
    countCommit(metrics, tookMs, settings.clock.now());
    this.#refused = 0;
    this.#refusals.clear();
    this.#purge.committed(offsets);
  }

  #commitFailed(error: unknown, epoch: number): void {
    if (epoch !== this.#state.epoch) return;
    const refused = error instanceof TransportError && error.rank === "record" ? error.refused : [];
    this.#refusals.add(refused);
    if (refused.length > 0 && ++this.#refused <= mostRefusals) {
      this.#dispatch({ type: "void", epoch });
      return;
    }
    this.#troubled(error, "a commit failed", { type: "void", epoch });
  }

  /** What starting over may mend is told and goes to `event`; the rest ends the application. */
  #troubled(error: unknown, what: string, event: Untimed<MemberEvent>): void {
    const { metrics, settings, failed } = this.#options;
    if (!(error instanceof TransportError) || error.rank === "fatal" || error.rank === "record") {
      failed(error);
      return;
    }
    metrics.troubles++;
    settings.log("warn", `${what}, starting over from the last commit: ${messageOf(error)}`, {
      code: error.kafkaError,
      tasks: this.active,
    });
    this.#post(event);
  }

  #taskFailed(task: Task): void {
    if (this.#failed) return;
    const { failure, retry } = task;
    const { settings, failed } = this.#options;
    if (failure === undefined) {
      settings.log("warn", `trying again from the last commit: ${messageOf(retry)}`, { task: task.taskId });
      this.#dispatch({ type: "void", epoch: this.#state.epoch });
      return;
    }
    const decision = decide(settings, failure);
    if (decision !== "replaceMember") {
      this.#failed = true;
      if (decision === "stopApplication") this.#options.stopAll(failure);
      else failed(failure);
      return;
    }
    settings.log(
      "error",
      `giving up the tasks, and beginning again from the last commit: ${failure.message}`,
      {
        code: failure.code,
        task: task.taskId,
      },
    );
    this.#dispatch({ type: "giveUp" });
  }

  #close(id: string): void {
    const started = this.#tasks.get(id);
    if (started === undefined) return;
    this.#tasks.delete(id);
    started.output.use(undefined);
    this.#closeTask(started.task);
  }

  #closeTask(task: Task): void {
    task.close();
    for (const { topic, partition } of task.queues) this.#fetcher.remove(topic, partition);
  }
}

const decide = ({ handlers, log }: AppSettings, failure: MillraceError): UncaughtDecision => {
  try {
    return handlers.uncaught(failure, 0);
  } catch (error) {
    log("error", `the handler of what nobody caught failed itself: ${messageOf(error)}`);
    return "stopClient";
  }
};

const idsOf = (tasks: readonly Task[]): readonly string[] => tasks.map(({ taskId }) => taskId);
