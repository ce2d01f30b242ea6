import type { MembershipListener } from "../group/membership-listener.ts";
import type { MemberEffect } from "./member-effect.ts";
import type { MemberEvent, MemberLimits } from "./member-event.ts";
import { memberLimits } from "./member-limits.ts";
import type { MemberOptions } from "./member-options.ts";
import { type MemberParts, memberParts } from "./member-parts.ts";
import type { MemberPost, Untimed } from "./member-post.ts";
import { initialState, type MemberState } from "./member-state.ts";
import type { MemberView } from "./member-view.ts";
import { resume } from "./resume.ts";
import { step } from "./step.ts";

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
  readonly #parts: MemberParts;
  readonly #limits: MemberLimits;
  readonly #replies = new Map<number, () => void>();
  readonly #post: MemberPost = {
    state: () => this.#state,
    dispatch: (event) => this.#dispatch(event),
    post: (event) => this.#parts.loop.post(() => this.#dispatch(event)),
    letter: (letter) => this.#parts.loop.post(letter),
  };
  #state: MemberState = initialState;
  #tokens = 0;

  constructor(options: MemberOptions) {
    this.#options = options;
    this.#limits = memberLimits(options.settings);
    this.#parts = memberParts(options, this.#post);
    this.view = this.#parts.view;
  }

  placed(standbys: readonly string[], tasks: readonly string[]): void {
    this.#parts.loop.post(() => this.#parts.standbys.place(standbys, tasks));
  }

  assigned(tasks: readonly string[]): void {
    this.#post.post({ type: "assigned", tasks });
  }

  /** Topics have come that this member writes to. Never rejects: a producer that could not look at them is given up. */
  async topicsCame(topics: readonly string[]): Promise<void> {
    const { epoch } = this.#state;
    try {
      await this.#parts.producers.prepare(topics);
    } catch (error) {
      // The next one knows them from the start.
      this.#parts.troubles.troubled(error, "new topics could not be looked at", { type: "void", epoch });
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
      this.#parts.loop.post(() => {
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
      await this.#parts.loop.run();
    } finally {
      this.#parts.loop.end();
      this.#parts.standbys.close();
      this.#dispatch({ type: "stop", token: 0, by: 0 });
      this.#dispatch({ type: "overdue" });
      await this.#parts.restorer.close();
      await this.#parts.fetcher.close();
      await this.#parts.producers.closed();
      await this.#parts.kept.end();
    }
  }

  /** Commits, and ends the loop; after `timeoutMs` without a commit: what it would have held is done again. */
  stop(timeoutMs: number | undefined): Promise<void> {
    const { clock } = this.#options.settings;
    const { settleMs, wireMs } = this.#limits;
    const by = clock.monotonic() + (timeoutMs ?? 2 * (settleMs + wireMs));
    this.#parts.loop.post(() => this.#parts.standbys.close());
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
    if (starts.length > 0) void this.#parts.starts.start(starts);
    this.#parts.standbys.look();
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
        this.#parts.commits.forget();
        this.#parts.held.mute();
        this.#parts.producers.shut(effect.epoch);
        return;
      case "start":
        return; // all of one step together
      case "abandon":
        this.#parts.restorer.abandon(effect.task);
        this.#parts.starts.abandon();
        return;
      case "run":
        this.#parts.held.use(effect.task, this.#parts.producers.current);
        this.#parts.loop.wake();
        return;
      case "suspend":
        this.#parts.held.task(effect.task)?.suspend();
        return;
      case "resume":
        void this.#resume(effect.epoch, effect.tasks);
        return;
      case "seal":
        this.#parts.commits.send(effect.commit, effect.epoch, effect.tasks);
        return;
      case "close":
        this.#parts.held.close(effect.task);
        return;
      case "reply":
        this.#replies.get(effect.token)?.();
        this.#replies.delete(effect.token);
        return;
      case "leave":
        this.#options.stepBack(this.#pause());
        return;
      case "end":
        this.#parts.loop.end();
        return;
    }
  }

  async #open(epoch: number): Promise<void> {
    try {
      await this.#parts.producers.open(epoch);
      this.#post.post({ type: "opened", epoch });
    } catch (error) {
      this.#parts.troubles.troubled(error, "a producer could not be opened", { type: "notOpened", epoch });
    }
  }

  #resume(epoch: number, tasks: readonly string[]): Promise<void> {
    const { coordinator } = this.#options;
    return resume(epoch, tasks, coordinator, this.#parts.held, this.#parts.troubles, this.#post);
  }
}
