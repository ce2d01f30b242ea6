import { messageOf } from "../../errors.ts";
import { topicPartitionName } from "../../transport/topic-partition.ts";
import { TransportError } from "../../transport/transport-error.ts";
import type { AppSettings } from "../settings/app-options.ts";
import type { HeldState } from "../group/local-tasks.ts";
import type { PreparedTask, TaskChangelog } from "../task/prepared-task.ts";
import { stateAhead } from "../task/state-ahead.ts";
import { listedOffsets } from "../topics/listed-offsets.ts";
import type { GroupCoordinator } from "../../transport/group-coordinator.ts";
import { committedOffsets } from "../topics/committed-offsets.ts";
import type { TopicPlan } from "../topics/plan.ts";
import type { Restorer } from "./restorer.ts";
import { SourceChangelog } from "./source-changelog.ts";
import { SourceLimits } from "./source-limits.ts";

/** Between a failure and the next try, at first, ms; doubles each time. */
const firstRestMs = 1_000;
const longestRestMs = 300_000;

/** What standbys are made from, and whom they ask. */
export interface StandbysEnvironment {
  readonly settings: Pick<AppSettings, "transport" | "clock" | "log">;
  readonly restorer: Restorer;
  readonly coordinator: Pick<GroupCoordinator, "fetchOffsets">;
  readonly plan: Pick<TopicPlan, "partitions">;
  /** Makes a task with the state that is kept of it. */
  readonly make: (id: string) => Promise<PreparedTask>;
  /** Whether the member has the task itself, in whatever phase. */
  readonly isOwned: (id: string) => boolean;
  /** Has something done in a turn of the member's loop. */
  readonly letter: (letter: () => void) => void;
}

/** What was asked of changelogs, each by topic-partition. */
interface Asked {
  readonly begins: ReadonlyMap<string, number>;
  readonly ends: ReadonlyMap<string, number>;
  /** Of source topics, what the group has committed. */
  readonly committed: ReadonlyMap<string, number>;
}

/** A standby that is being made, or asks where its changelogs are. */
interface Opening {
  readonly made: Promise<PreparedTask>;
  /** It has just asked in vain. */
  readonly again: boolean;
}

/**
 * The standbys of a member: tasks that are not open, whose stores go on being restored (`num.standby.replicas`). When the
 * member gets such a task it takes it from here, and reads no more than the tail; when it gives one up, and is to keep a
 * standby of it, or may get it back, the stores come here.
 *
 * They stand beside the member's state machine, not in it: a standby sends nothing, commits nothing, and owes nobody an
 * answer. All that must hold is that a task is here or with the member, never both, and that is kept by the hand-over:
 * `take` when it starts, `put` when it is closed.
 */
export class Standbys {
  readonly #environment: StandbysEnvironment;
  readonly #kept = new Map<string, PreparedTask>();
  readonly #opening = new Map<string, Opening>();
  /** What failed and is tried again later. */
  readonly #resting = new Set<string>();
  readonly #failures = new Map<string, number>();
  readonly #limits: SourceLimits;
  #standbys: ReadonlySet<string> = new Set();
  #tasks: ReadonlySet<string> = new Set();
  #closed = false;

  constructor(environment: StandbysEnvironment) {
    this.#environment = environment;
    this.#limits = new SourceLimits(environment);
  }

  /** Ids of the tasks whose standbys are here. */
  get ids(): readonly string[] {
    return [...this.#kept.keys()].filter((id) => this.#standbys.has(id));
  }

  /** The standbys that can be read, by their ids. */
  get all(): ReadonlyMap<string, PreparedTask> {
    return this.#kept;
  }

  /** What this member is to have from now on; said before tasks are taken away and given. */
  place(standbys: readonly string[], tasks: readonly string[]): void {
    this.#standbys = new Set(standbys);
    this.#tasks = new Set(tasks);
    for (const [id, prepared] of this.#kept) if (!this.keeps(id)) this.#close(prepared);
    for (const id of this.#failures.keys()) if (!this.keeps(id)) this.#failures.delete(id);
    for (const [id, opening] of this.#opening)
      if (!this.keeps(id)) {
        this.#opening.delete(id);
        opening.made.then(
          ({ task }) => task.close(),
          () => undefined,
        );
      }
    this.look();
  }

  /** Whether the state of a task that is closed is to stay. */
  keeps(id: string): boolean {
    return !this.#closed && (this.#standbys.has(id) || this.#tasks.has(id));
  }

  /** Opens those that are wanted and not here: called whenever the member may have given a task up. */
  look(): void {
    if (this.#closed) return;
    const missing = new Map<string, Opening>();
    for (const id of this.#standbys) {
      if (this.#kept.has(id) || this.#opening.has(id) || this.#resting.has(id)) continue;
      if (!this.#environment.isOwned(id)) missing.set(id, { made: this.#environment.make(id), again: false });
    }
    if (missing.size > 0) this.#open(missing);
  }

  /** The task of a standby, for the member to start it; undefined where there is none. */
  take(id: string): Promise<PreparedTask> | undefined {
    const kept = this.#kept.get(id);
    if (kept !== undefined) {
      this.#kept.delete(id);
      this.#environment.restorer.unfollow(id);
      return Promise.resolve(kept);
    }
    const opening = this.#opening.get(id);
    this.#opening.delete(id);
    return opening?.made;
  }

  /** A task that the member has no more: its stores are followed where a standby is wanted, else closed. */
  put(prepared: PreparedTask): void {
    const { task, output, stores } = prepared;
    const id = task.taskId;
    output.use(undefined);
    // Rows that are in no changelog would not be brought up to date here.
    const isWhole = stores.length > 0 && stores.length === task.subTopology.stores.length;
    if (!this.keeps(id) || !isWhole || this.#kept.has(id) || this.#opening.has(id)) {
      task.close();
      return;
    }
    // Whoever takes it meanwhile waits until it has gone back to its last commit.
    const made = task.standBy().then(
      () => prepared,
      (error: unknown) => {
        task.close();
        throw error;
      },
    );
    this.#open(new Map([[id, { made, again: false }]]));
  }

  /** Records of its changelogs that each standby lacks, and all that they hold; by task. */
  get states(): ReadonlyMap<string, HeldState> {
    const states = new Map<string, HeldState>();
    for (const [id, { stores }] of this.#kept) {
      const lag = this.#environment.restorer.lagOf(id);
      states.set(id, { lag, whole: lag + recordsIn(stores) });
    }
    return states;
  }

  /** Closes all of them; none is opened again. */
  close(): void {
    this.#closed = true;
    this.#limits.close();
    this.place([], []);
  }

  #open(openings: ReadonlyMap<string, Opening>): void {
    for (const [id, opening] of openings) this.#opening.set(id, opening);
    void this.#follow(openings);
  }

  async #follow(openings: ReadonlyMap<string, Opening>): Promise<void> {
    const made: PreparedTask[] = [];
    for (const [id, opening] of openings)
      try {
        made.push(await opening.made);
        if (opening.again) await this.#pause();
      } catch (error) {
        if (this.#opening.get(id) !== opening) continue;
        this.#opening.delete(id);
        this.#rest(id, error);
      }
    // Not taken meanwhile, and still wanted.
    const isOurs = ({ task: { taskId } }: PreparedTask): boolean =>
      this.#opening.has(taskId) && this.#opening.get(taskId) === openings.get(taskId);
    const { coordinator, settings } = this.#environment;
    const { transport } = settings;
    const partitions = made.filter(isOurs).flatMap((prepared) => this.#changelogsOf(prepared));
    const sources = partitions.filter(({ source }) => source !== undefined);
    try {
      const [begins, ends, committed] = await Promise.all([
        listedOffsets(transport, partitions, "earliest"),
        listedOffsets(transport, partitions, "latest"),
        committedOffsets(coordinator, sources),
      ]);
      this.#environment.letter(() => {
        for (const prepared of made) if (isOurs(prepared)) this.#begin(prepared, { begins, ends, committed });
      });
    } catch (error) {
      for (const prepared of made) if (isOurs(prepared)) this.#failed(prepared, error);
    }
  }

  /** Of source topics with different numbers of partitions the smaller ones have none for the last tasks. */
  #changelogsOf({ stores }: PreparedTask): readonly TaskChangelog[] {
    const { partitions } = this.#environment.plan;
    return stores.filter(
      ({ source, topic, partition }) => source === undefined || partition < (partitions.get(topic) ?? 0),
    );
  }

  #begin(prepared: PreparedTask, { begins, ends, committed }: Asked): void {
    const { restorer } = this.#environment;
    const { task } = prepared;
    const id = task.taskId;
    const changelogs = this.#changelogsOf(prepared);
    const endOf = ({ topic, partition }: TaskChangelog): number =>
      ends.get(topicPartitionName(topic, partition)) ?? 0;
    const ahead = changelogs.find((changelog) => changelog.store.position > endOf(changelog));
    if (ahead !== undefined) {
      this.#failed(prepared, stateAhead(ahead, endOf(ahead)));
      return;
    }
    this.#opening.delete(id);
    this.#kept.set(id, prepared);
    for (const changelog of changelogs) {
      const { store, topic, partition, source } = changelog;
      const name = topicPartitionName(topic, partition);
      // A source topic goes on beyond what its task has processed.
      const limit = Math.max(0, store.position, committed.get(name) ?? 0);
      restorer.follow({
        task: id,
        store,
        topic,
        partition,
        source: source && new SourceChangelog(source, limit),
        from: Math.max(store.position, begins.get(name) ?? 0),
        end: endOf(changelog),
        pendingBytes: () => task.pendingStateBytes,
        failed: (error) => this.#failed(prepared, error),
      });
    }
    this.#limits.watch();
  }

  #failed(prepared: PreparedTask, error: unknown): void {
    const { restorer, settings } = this.#environment;
    const id = prepared.task.taskId;
    // The leader has moved, or retention has passed the position: it goes on with what there is.
    if (error instanceof TransportError && error.retriable) {
      restorer.unfollow(id);
      this.#kept.delete(id);
      settings.log("debug", `standby of task ${id}, trying again: ${messageOf(error)}`, { task: id });
      this.#open(new Map([[id, { made: Promise.resolve(prepared), again: true }]]));
      return;
    }
    this.#opening.delete(id);
    this.#close(prepared);
    this.#rest(id, error);
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => void this.#environment.settings.clock.setTimeout(resolve, firstRestMs));
  }

  #close(prepared: PreparedTask): void {
    const id = prepared.task.taskId;
    this.#environment.restorer.unfollow(id);
    this.#kept.delete(id);
    prepared.task.close();
  }

  #rest(id: string, error: unknown): void {
    const { settings, letter } = this.#environment;
    const failures = this.#failures.get(id) ?? 0;
    const restMs = Math.min(longestRestMs, firstRestMs * 2 ** failures);
    this.#failures.set(id, failures + 1);
    this.#resting.add(id);
    settings.log(
      "warn",
      `the standby of task ${id} could not be kept, trying again in ${restMs / 1_000} s: ${messageOf(error)}`,
      { task: id },
    );
    settings.clock.setTimeout(() => {
      this.#resting.delete(id);
      letter(() => this.look());
    }, restMs);
  }
}

/**
 * What changelogs have brought to these stores, or stores to their changelogs, in records. `ends`: of changelogs of which
 * the stores hold more than they know of, by topic-partition.
 */
export const recordsIn = (
  stores: PreparedTask["stores"],
  ends: ReadonlyMap<string, number> = new Map(),
): number => {
  let records = 0;
  for (const { store, topic, partition } of stores)
    records += Math.max(0, store.position, ends.get(topicPartitionName(topic, partition)) ?? 0);
  return records;
};
