import type { Fetcher, FetcherOptions } from "../../transport/fetcher.ts";
import type { AppSettings } from "../settings/app-options.ts";
import type { MembershipListener } from "../group/membership-listener.ts";
import { LeftStates } from "../restore/left-states.ts";
import { Restorer } from "../restore/restorer.ts";
import { Standbys } from "../restore/standbys.ts";
import { KeptState } from "../task/kept-state.ts";
import { Refusals } from "../task/refusals.ts";
import { Slices } from "../task/slices.ts";
import { TaskMaker } from "./task-maker.ts";
import { TaskStarter } from "./task-starter.ts";
import { FoundTopics } from "../topics/found-topics.ts";
import { repartitionTopics } from "../topics/plan.ts";
import { RepartitionPurge } from "../topics/repartition-purge.ts";
import { Commits } from "./commits.ts";
import { HeldTasks } from "./held-tasks.ts";
import { Loop } from "./loop.ts";
import type { MemberEffect } from "./member-effect.ts";
import type { MemberEvent, MemberLimits } from "./member-event.ts";
import { memberLimits } from "./member-limits.ts";
import type { MemberOptions } from "./member-options.ts";
import type { MemberPost, Untimed } from "./member-post.ts";
import { initialState, type MemberState } from "./member-state.ts";
import { MemberView } from "./member-view.ts";
import { Producers } from "./producers.ts";
import { Reposition } from "./reposition.ts";
import { resume } from "./resume.ts";
import { Starts } from "./starts.ts";
import { step } from "./step.ts";
import { Troubles } from "./troubles.ts";

/** Between giving the tasks up and joining again, at most, ms. */
const longestPauseMs = 10_000;

/**
 * The tasks of this process, their producer and their commits (EOS-v2: one transactional producer serves all). What is
 * decided is decided by `step`; this does what it says, and tells it what came of that. All of it runs in the turns of
 * one loop: whatever is asynchronous posts a letter.
 */
export class Member implements Omit<MembershipListener, "stopped"> {
  /** What there is of it to be seen. */
  readonly view: MemberView;
  readonly #options: MemberOptions;
  readonly #loop: Loop;
  readonly #fetcher: Fetcher;
  readonly #held: HeldTasks;
  readonly #producers: Producers;
  readonly #restorer: Restorer;
  readonly #kept: KeptState;
  readonly #standbys: Standbys;
  readonly #starts: Starts;
  readonly #commits: Commits;
  readonly #troubles: Troubles;
  readonly #limits: MemberLimits;
  readonly #replies = new Map<number, () => void>();
  readonly #post: MemberPost = {
    state: () => this.#state,
    dispatch: (event) => this.#dispatch(event),
    post: (event) => this.#loop.post(() => this.#dispatch(event)),
    letter: (letter) => this.#loop.post(letter),
  };
  #state: MemberState = initialState;
  #tokens = 0;

  constructor(options: MemberOptions) {
    this.#options = options;
    const { topology, settings, plan, metrics, globals, processId } = options;
    const { transport, clock, log, applicationId, guarantee, instanceId } = settings;
    const post = this.#post;
    this.#limits = memberLimits(settings);
    const troubles = new Troubles(options, post);
    this.#troubles = troubles;
    this.#loop = new Loop({
      settings,
      metrics,
      state: post.state,
      tasks: () => this.#held.all,
      producer: () => this.#producers.current,
      unheard: () => options.membership.unheard,
      restorer: () => this.#restorer,
      dispatch: post.dispatch,
      failed: (task) => troubles.taskFailed(task),
    });
    const wake = (): void => this.#loop.wake();
    this.#fetcher = transport.createFetcher(
      fetcherOptions(settings, wake, metrics.requestTimes("consumer", "fetch")),
    );
    this.#held = new HeldTasks(this.#fetcher, (prepared) => this.#standbys.put(prepared));
    // Stable for a static member: its next life fences this one at once instead of waiting for the time-out.
    const transactionalId =
      guarantee === "exactly_once" ? `${applicationId}-${instanceId ?? processId}` : undefined;
    const commitTimes = {
      produce: metrics.requestTimes("producer", "produce"),
      sendOffsets: metrics.requestTimes("producer", "sendOffsets"),
      endTransaction: metrics.requestTimes("producer", "endTransaction"),
    };
    this.#producers = new Producers(
      settings,
      transactionalId,
      [...plan.partitions.keys()].filter((topic) => !plan.matched.includes(topic)),
      (request, tookMs) => commitTimes[request](tookMs),
    );
    this.#restorer = new Restorer({ transport, clock, log, metrics, onAvailable: wake });
    this.#kept = new KeptState(settings, plan);
    const leftStates = new LeftStates({ ...options, kept: this.#kept });
    const refusals = new Refusals();
    const reposition = new Reposition(settings, plan, metrics, wake, options.doubt);
    const environment = {
      ...settings,
      metrics,
      globals,
      slices: new Slices(clock),
      expireInChangelog: true,
      emitIntervalMs: 0,
      wake,
    };
    const foundTopics = new FoundTopics(settings, () => this.#producers.current);
    const destinations = { applicationId, plan, foundTopics, refusals };
    const maker = new TaskMaker({ topology, settings, environment, destinations, kept: this.#kept });
    this.#standbys = new Standbys({
      settings,
      restorer: this.#restorer,
      coordinator: options.coordinator,
      plan,
      make: (id) => maker.make(id),
      isOwned: (id) => this.#state.tasks.has(id),
      letter: post.letter,
    });
    const starter = new TaskStarter({
      ...options,
      environment,
      fetcher: this.#fetcher,
      restorer: this.#restorer,
      prepare: (id) => this.#standbys.take(id) ?? maker.make(id),
      unreadable: (task, queue, error) => reposition.unreadable(task, queue, error),
    });
    this.#starts = new Starts(settings, starter, this.#held, troubles, post);
    const purge = new RepartitionPurge(repartitionTopics(topology, applicationId), settings);
    this.#commits = new Commits(
      { ...options, held: this.#held, producers: this.#producers, refusals, purge, troubles },
      post,
    );
    this.view = new MemberView({
      state: post.state,
      held: this.#held,
      producers: this.#producers,
      restorer: this.#restorer,
      standbys: this.#standbys,
      leftStates,
    });
  }

  placed(standbys: readonly string[], tasks: readonly string[]): void {
    this.#loop.post(() => this.#standbys.place(standbys, tasks));
  }

  assigned(tasks: readonly string[]): void {
    this.#post.post({ type: "assigned", tasks });
  }

  /** Topics have come that this member writes to. Never rejects: a producer that could not look at them is given up. */
  async topicsCame(topics: readonly string[]): Promise<void> {
    const { epoch } = this.#state;
    try {
      await this.#producers.prepare(topics);
    } catch (error) {
      // The next one knows them from the start.
      this.#troubles.troubled(error, "new topics could not be looked at", { type: "void", epoch });
    }
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
        const tasks = this.view.active;
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
    if (state === "stable") this.#post.post({ type: "joined" });
  }

  /** Runs until `stop`. Rejects with a fault of its own. */
  async run(): Promise<void> {
    try {
      await this.#loop.run();
    } finally {
      this.#loop.end();
      this.#standbys.close();
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
    this.#loop.post(() => this.#standbys.close());
    return this.#ask((token) => ({ type: "stop", token, by }));
  }

  #ask(question: (token: number) => Untimed<MemberEvent>): Promise<void> {
    const token = ++this.#tokens;
    return new Promise((resolve) => {
      this.#replies.set(token, resolve);
      this.#post.post(question(token));
    });
  }

  #dispatch(event: Untimed<MemberEvent>): void {
    const at = this.#options.settings.clock.monotonic();
    const { state, effects } = step(this.#state, { ...event, at }, this.#limits);
    this.#state = state;
    const starts = effects.filter((effect) => effect.type === "start");
    for (const effect of effects) this.#do(effect);
    if (starts.length > 0) void this.#starts.start(starts);
    this.#standbys.look();
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
        this.#commits.forget();
        this.#held.mute();
        this.#producers.shut(effect.epoch);
        return;
      case "start":
        return; // all of one step together
      case "abandon":
        this.#restorer.abandon(effect.task);
        this.#starts.abandon();
        return;
      case "run":
        this.#held.use(effect.task, this.#producers.current);
        this.#loop.wake();
        return;
      case "suspend":
        this.#held.task(effect.task)?.suspend();
        return;
      case "resume":
        void this.#resume(effect.epoch, effect.tasks);
        return;
      case "seal":
        this.#commits.send(effect.commit, effect.epoch, effect.tasks);
        return;
      case "close":
        this.#held.close(effect.task);
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
      this.#post.post({ type: "opened", epoch });
    } catch (error) {
      this.#troubles.troubled(error, "a producer could not be opened", { type: "notOpened", epoch });
    }
  }

  #resume(epoch: number, tasks: readonly string[]): Promise<void> {
    const { coordinator } = this.#options;
    return resume(epoch, tasks, coordinator, this.#held, this.#troubles, this.#post);
  }
}

const fetcherOptions = (
  { guarantee, maxFetchBytesPerPartition, maxBufferedBytes }: AppSettings,
  onAvailable: () => void,
  onAnswer: (tookMs: number) => void,
): FetcherOptions => ({
  readCommitted: guarantee === "exactly_once",
  maxWaitMs: 500,
  maxBytesPerPartition: maxFetchBytesPerPartition,
  maxBytes: Math.min(maxFetchBytesPerPartition * 16, 2 ** 31 - 1),
  maxBufferedBytesPerPartition: maxFetchBytesPerPartition * 2,
  maxBufferedBytes,
  onAvailable,
  onAnswer,
});
