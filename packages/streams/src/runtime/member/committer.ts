import type { CommitResult } from "../../transport/commit-result.ts";
import type { OffsetToCommit } from "../../transport/group-coordinator.ts";
import type { RecordProducer } from "../../transport/record-producer.ts";
import type { AppSettings } from "../app/app-options.ts";
import { commit } from "./commit.ts";
import type { CurrentMembership } from "../group/current-membership.ts";
import { countCommit } from "../app/count-commit.ts";
import type { Metrics } from "../app/metrics.ts";
import type { Task } from "../task/task.ts";

/** What a committer tells its member. */
export interface CommitEvents {
  /** Resolves when something has happened that a task may have waited for. */
  readonly wait: () => Promise<void>;
  readonly committed: (offsets: readonly OffsetToCommit[]) => void;
  readonly failed: (error: unknown) => void;
  /** Committed or failed: the next one may begin. */
  readonly done: () => void;
}

/** When commits begin, and that one of them at a time is on the wire. */
export class Committer {
  readonly #settings: AppSettings;
  readonly #metrics: Metrics;
  readonly #membership: CurrentMembership;
  readonly #events: CommitEvents;
  /** Steps 3 to 5 of the last commit, while they are on the wire; never rejects. */
  #onTheWire: Promise<void> | undefined;
  #lastBegin: number;

  constructor(settings: AppSettings, metrics: Metrics, membership: CurrentMembership, events: CommitEvents) {
    this.#settings = settings;
    this.#metrics = metrics;
    this.#membership = membership;
    this.#events = events;
    this.#lastBegin = settings.clock.monotonic();
  }

  /** Whether the next one should begin now, that much being appended. */
  isDue(bufferedBytes: number): boolean {
    if (this.#onTheWire !== undefined || this.#membership.joining) return false;
    return bufferedBytes > this.#settings.maxUncommittedBytes || this.dueInMs <= 0;
  }

  /** Time until a commit is due by the clock, ms; without end while one is on the wire, whose end wakes the loop. */
  get dueInMs(): number {
    if (this.#onTheWire !== undefined) return Number.POSITIVE_INFINITY;
    const { clock, commitIntervalMs } = this.#settings;
    return commitIntervalMs - (clock.monotonic() - this.#lastBegin);
  }

  /** Resolves when no commit is on the wire. */
  async settled(): Promise<void> {
    await this.#onTheWire;
  }

  /** Steps 1 and 2, and the beginning of 3: the rest is on the wire when this resolves. */
  async begin(active: Iterable<Task>, producer: RecordProducer | undefined): Promise<void> {
    const { clock } = this.#settings;
    this.#lastBegin = clock.monotonic();
    const tasks = [...active].filter((task) => task.hasSomethingToCommit);
    if (tasks.length === 0 || producer === undefined) return;
    const started = clock.monotonic();
    const begun = await commit(tasks, producer, () => this.#membership.current(), this.#events.wait);
    if (begun !== undefined) this.#onTheWire = this.#finish(begun.done, started, begun.offsets);
  }

  async #finish(
    done: Promise<CommitResult>,
    started: number,
    offsets: readonly OffsetToCommit[],
  ): Promise<void> {
    try {
      await done;
      const { clock } = this.#settings;
      countCommit(this.#metrics, clock.monotonic() - started, clock.now());
      this.#events.committed(offsets);
    } catch (error) {
      this.#events.failed(error);
    } finally {
      this.#onTheWire = undefined;
      this.#events.done();
    }
  }
}
