import { topicPartitionName } from "../../transport/topic-partition.ts";
import type { HeldState } from "../group/local-tasks.ts";
import type { ObservedFollow, ObservedRestore, ObservedTask } from "../metrics/observed.ts";
import type { ChangelogPartition } from "../restore/changelog-ends.ts";
import type { LeftStates } from "../restore/left-states.ts";
import type { Restorer } from "../restore/restorer.ts";
import { recordsIn, type Standbys } from "../restore/standbys.ts";
import type { PreparedTask } from "../task/prepared-task.ts";
import type { HeldTasks } from "./held-tasks.ts";
import { idsOf, type MemberState } from "./member-state.ts";
import type { Producers } from "./producers.ts";

interface Parts {
  readonly state: () => MemberState;
  readonly held: HeldTasks;
  readonly producers: Producers;
  readonly restorer: Restorer;
  readonly standbys: Standbys;
  readonly leftStates: LeftStates;
  /** Asks brokers where changelogs end. */
  readonly ends: (
    changelogs: readonly ChangelogPartition[],
  ) => Promise<ReadonlyMap<string, number> | undefined>;
}

/** A member as metrics, queries and its group see it. Nothing here changes anything. */
export class MemberView {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Ids of the tasks that are processing. */
  get active(): readonly string[] {
    return idsOf(this.#parts.state(), "running", "draining");
  }

  /** Ids of the tasks that are not processing yet, or again. */
  get restoring(): readonly string[] {
    return idsOf(this.#parts.state(), "wanted", "starting", "suspended", "resuming");
  }

  /** The tasks that are here, by id: their stores can be read. */
  get held(): ReadonlyMap<string, PreparedTask> {
    return this.#parts.held.all;
  }

  /** Records between the positions and the ends of their partitions, by topic-partition. */
  get lag(): ReadonlyMap<string, number> {
    const lag = new Map<string, number>();
    for (const { task } of this.#parts.held.all.values())
      for (const queue of task.queues) lag.set(topicPartitionName(queue.topic, queue.partition), queue.lag);
    return lag;
  }

  /** Those that are here, as metrics have them. */
  get tasks(): readonly ObservedTask[] {
    return [...this.#parts.held.all.values()].map(({ task }) => task);
  }

  /** What is being restored, as metrics have it. */
  get restores(): readonly ObservedRestore[] {
    return this.#parts.restorer.restores;
  }

  /** What standbys follow, as metrics have it. */
  get followed(): readonly ObservedFollow[] {
    return this.#parts.restorer.followed;
  }

  /** Bytes that wait for the next commit. */
  get uncommittedBytes(): number {
    let bytes = this.#parts.producers.current?.bufferedBytes ?? 0;
    for (const { task } of this.#parts.held.all.values()) bytes += task.dirtyBytes;
    return bytes;
  }

  /** Ids of the tasks of which it keeps standbys. */
  get standby(): readonly string[] {
    return this.#parts.standbys.ids;
  }

  /** The tasks of standbys that are here, by id: their stores can be read, and may be behind. */
  get keptStandbys(): ReadonlyMap<string, PreparedTask> {
    return this.#parts.standbys.all;
  }

  /** Records of changelogs that its standbys lack, by task. */
  get standbyLag(): ReadonlyMap<string, number> {
    const { states } = this.#parts.standbys;
    return new Map(this.standby.map((id) => [id, states.get(id)?.lag ?? 0]));
  }

  /** What there is of the states of tasks: of those that run, of standbys, and what was left on disk. Never rejects. */
  async knownStates(): Promise<ReadonlyMap<string, HeldState>> {
    const { leftStates, standbys, held } = this.#parts;
    const [left, ends] = await Promise.all([leftStates.find(), this.#endsOfHeld()]);
    // Some may have been opened meanwhile.
    const states = new Map([...left, ...standbys.states]);
    for (const [id, { stores }] of held.all)
      if (stores.length > 0) states.set(id, { lag: 0, whole: recordsIn(stores, ends) });
    return states;
  }

  /** Where those changelogs end of which stores here do not know it. */
  async #endsOfHeld(): Promise<ReadonlyMap<string, number> | undefined> {
    const { held, ends } = this.#parts;
    const changelogs = [...held.all.values()]
      .filter(({ task }) => task.endsUnknown)
      .flatMap(({ stores }) => stores)
      .map(({ topic, partition, source }) => ({ topic, partition, isSource: source !== undefined }));
    return changelogs.length === 0 ? undefined : ends(changelogs);
  }

  /** Whether every task that the group has given to this member processes. */
  get allRun(): boolean {
    for (const { phase } of this.#parts.state().tasks.values())
      if (phase !== "running" && phase !== "draining") return false;
    return true;
  }
}
