import type { Task } from "../task/task.ts";
import { AwakeTime } from "./awake-time.ts";
import { settle } from "./commit.ts";
import { Cuts } from "./cuts.ts";
import { hasReadTo, IdleClose } from "./idle-close.ts";
import type { LoopEnvironment } from "./loop-environment.ts";
import { Mailbox } from "./mailbox.ts";
import { mayProcess, nextDeadline } from "./member-state.ts";
import { StallWatch } from "./stall-watch.ts";

/** Time after which the event loop gets a turn: sockets, heartbeats, timers. ms. */
const turnMs = 15;
/** Of it for one task before the others. ms. */
const sliceMs = 3;
/** Of a turn for the restore while tasks have records. ms. */
const restoreMs = 5;
/** Of state that is on its way to the disk: the next commit waits for less. Bytes. */
const mostPendingStateBytes = 64 * 1024 * 1024;
/** Longest sleep of the loop: idleness is measured in its turns. ms. */
const longestSleepMs = 100;

/**
 * The turns of a member: letters first, then records, commits, restore, punctuations, each within its budget of time, so
 * that sockets, heartbeats and commits on the wire get theirs whatever a record costs.
 */
export class Loop {
  readonly #environment: LoopEnvironment;
  readonly #mailbox: Mailbox<() => void>;
  readonly #awake: AwakeTime;
  readonly #idleClose: IdleClose;
  readonly #stalls: StallWatch;
  readonly #cuts: Cuts;
  #ended = false;
  #lastCommit: number;
  /** Which task comes first in the next turn. */
  #first = 0;

  constructor(environment: LoopEnvironment) {
    const { settings, metrics } = environment;
    this.#environment = environment;
    this.#mailbox = new Mailbox(settings.clock, (ms) => metrics.turnDelays.add(ms));
    this.#awake = new AwakeTime(settings.clock);
    this.#stalls = new StallWatch(settings, metrics);
    this.#cuts = new Cuts(environment);
    this.#lastCommit = settings.clock.monotonic();
    this.#idleClose = new IdleClose(settings, (task, ends) =>
      this.post(() => this.#idleAnswered(task, ends)),
    );
  }

  /** Has `letter` read in the next turn; at once when there is none any more. */
  post(letter: () => void): void {
    if (this.#ended) letter();
    else this.#mailbox.post(letter);
  }

  wake(): void {
    this.#mailbox.wake();
  }

  end(): void {
    this.#ended = true;
    this.wake();
  }

  async run(): Promise<void> {
    while (!this.#ended) {
      for (const letter of this.#mailbox.take()) letter();
      const busy = this.#turn();
      await this.#mailbox.sleep(busy ? 0 : this.#sleepMs());
    }
    // Whoever asked after the end is answered all the same.
    for (const letter of this.#mailbox.take()) letter();
  }

  /** Whether there is more to do at once. */
  #turn(): boolean {
    const { settings, dispatch, state, restorer } = this.#environment;
    const { clock } = settings;
    const until = clock.monotonic() + turnMs;
    if (nextDeadline(state()) <= clock.monotonic()) dispatch({ type: "overdue" });
    const silenced = this.#isSilenced;
    if (silenced) this.#voidCommit();
    this.#cuts.look();
    let busy = this.#work(until);
    this.#punctuate();
    this.#haltedTasks();
    this.#closeIdle();
    if (this.#stalls.look(this.#running())) dispatch({ type: "giveUp" });
    if (!silenced) {
      this.#commitIfDue();
      busy = this.#settle(until) || busy;
    }
    if (!busy) busy = this.#readAhead(until);
    const restoreUntil = busy
      ? clock.monotonic() + restoreMs
      : Math.max(until, clock.monotonic() + restoreMs);
    return restorer().work(restoreUntil) || busy;
  }

  /**
   * With at_least_once nobody fences a member whose session has ended but itself: it commits nothing until the coordinator
   * has answered.
   */
  get #isSilenced(): boolean {
    const { settings, unheard } = this.#environment;
    return settings.guarantee !== "exactly_once" && unheard();
  }

  /** What is under way is tried no longer. */
  #voidCommit(): void {
    const { state, dispatch } = this.#environment;
    const { commit, epoch } = state();
    if (commit.phase !== "idle") dispatch({ type: "void", epoch });
  }

  /** Lets every task process in turn, for a while; whether there may be more to do at once. */
  #work(until: number): boolean {
    if (!mayProcess(this.#environment.state()) || this.#isFull()) return false;
    return this.#processAll(this.#running(), until);
  }

  /** The same of those that may read ahead, while the commit waits for asynchronous calls. */
  #readAhead(until: number): boolean {
    const { commit } = this.#environment.state();
    if (commit.phase !== "settling" || this.#isFull()) return false;
    return this.#processAll(
      this.#running().filter(({ cutFor }) => cutFor !== undefined),
      until,
    );
  }

  #processAll(running: readonly Task[], until: number): boolean {
    const { clock } = this.#environment.settings;
    if (running.length === 0) return false;
    const first = this.#first++ % running.length;
    let busy = true;
    for (let now = clock.monotonic(); busy && now < until;) {
      busy = false;
      for (let at = 0; at < running.length && now < until; at++) {
        const task = running[(first + at) % running.length] as Task;
        if (task.process(Math.min(until, now + sliceMs))) busy = true;
        now = clock.monotonic();
      }
    }
    return busy;
  }

  #running(): readonly Task[] {
    const { state, tasks } = this.#environment;
    const owned = state().tasks;
    const running: Task[] = [];
    for (const [id, { task }] of tasks()) if (owned.get(id)?.phase === "running") running.push(task);
    return running;
  }

  /** Those whose work the next commit holds. */
  #working(): readonly Task[] {
    const { state, tasks } = this.#environment;
    const owned = state().tasks;
    const working: Task[] = [];
    for (const [id, { task }] of tasks()) {
      const phase = owned.get(id)?.phase;
      if (phase === "running" || phase === "draining") working.push(task);
    }
    return working;
  }

  /** Too much waits to be committed for records to be taken. */
  #isFull(): boolean {
    const { settings, producer } = this.#environment;
    return (producer()?.bufferedBytes ?? 0) + this.#dirtyBytes() > settings.maxUncommittedBytes;
  }

  #isAsked(): boolean {
    for (const { task } of this.#environment.tasks().values()) if (task.wantsCommit) return true;
    return false;
  }

  #dirtyBytes(): number {
    let bytes = 0;
    for (const task of this.#working()) bytes += task.dirtyBytes;
    return bytes;
  }

  #punctuate(): void {
    if (mayProcess(this.#environment.state())) for (const task of this.#running()) task.punctuate();
  }

  #haltedTasks(): void {
    for (const task of this.#working())
      if (task.failure !== undefined || task.retry !== undefined) {
        this.#environment.failed(task);
        return;
      }
  }

  #commitIfDue(): void {
    const { settings, dispatch, state } = this.#environment;
    if (state().commit.phase !== "idle") return;
    const now = settings.clock.monotonic();
    const isDue = now - this.#lastCommit >= settings.commitIntervalMs;
    if (!isDue && !this.#isAsked() && !this.#isFull()) return;
    const working = this.#working();
    let pendingStateBytes = 0;
    for (const task of working) pendingStateBytes += task.pendingStateBytes;
    // A slow disk: records go on until too much waits to be committed.
    if (pendingStateBytes > mostPendingStateBytes) return;
    this.#lastCommit = now;
    if (working.some(({ touched }) => touched)) dispatch({ type: "due" });
  }

  /** Steps 1 and 2 of a commit; whether there is more to do at once. */
  #settle(until: number): boolean {
    const { settings, dispatch, state } = this.#environment;
    const { commit } = state();
    if (commit.phase !== "settling" || commit.settled) return false;
    const working = this.#working();
    this.#cuts.make(working, commit.id);
    // At least a little of it in each turn, however long the records took.
    const enough = Math.max(until, settings.clock.monotonic() + sliceMs);
    const settled = settle(working, enough);
    this.#haltedTasks();
    const now = state().commit;
    if (now.phase !== "settling" || now.id !== commit.id) return true;
    if (settled) dispatch({ type: "settled", commit: commit.id });
    return settled || working.some((task) => task.canSettleMore);
  }

  #closeIdle(): void {
    const awake = this.#awake.tick();
    const { joining, tasks } = this.#environment.state();
    const running = this.#running();
    const moving = joining || [...tasks.values()].some(({ phase }) => phase !== "running");
    // While partitions move, quiet means nothing.
    if (moving) for (const { idle } of running) idle.busy();
    else this.#idleClose.look(running, awake);
  }

  #idleAnswered(task: Task, ends: ReadonlyMap<string, number> | undefined): void {
    const { tasks, state } = this.#environment;
    const { taskId } = task;
    // The task may have been closed, or made anew, while the question was on the wire.
    if (tasks().get(taskId)?.task !== task || state().tasks.get(taskId)?.phase !== "running") return;
    if (!mayProcess(state())) return;
    if (ends !== undefined && hasReadTo(task, ends) && task.idle.isDue(this.#awake.tick())) task.idle.close();
    else task.idle.busy();
  }

  #sleepMs(): number {
    const { settings, state } = this.#environment;
    const { clock, commitIntervalMs } = settings;
    const now = clock.monotonic();
    const { commit } = state();
    let next = Math.min(longestSleepMs, nextDeadline(state()) - now);
    const running = this.#running();
    // Who is silenced looks again after the longest sleep, however long its commit has been due.
    if (commit.phase === "idle" && !this.#isSilenced && running.some(({ touched }) => touched))
      next = Math.min(next, commitIntervalMs - (now - this.#lastCommit));
    for (const { nextPunctuation, pausedUntil } of running) {
      next = Math.min(next, nextPunctuation - clock.now());
      if (pausedUntil > now) next = Math.min(next, pausedUntil - now);
    }
    return Math.max(1, next);
  }
}
