import { messageOf } from "../../errors.ts";
import type { TaskState } from "../../state/state-backend.ts";
import type { SubTopology } from "../../sub-topology.ts";
import { murmur2 } from "../../transport/murmur2.ts";
import type { AppSettings } from "../settings/app-options.ts";
import { changelogTopic } from "../topics/internal-topic-names.ts";
import type { TopicPlan } from "../topics/plan.ts";

/** What was left is looked through at most this often, ms. */
const leastCleanUpMs = 1_000;

type KeptSettings = Pick<AppSettings, "state" | "stateCleanupDelayMs" | "applicationId" | "clock" | "log">;

/** The state of this member's tasks that outlives its process, where it has a place for that. */
export class KeptState {
  readonly #settings: KeptSettings;
  readonly #plan: Pick<TopicPlan, "topicIds">;
  /** Resolve when what is open, or being left, is there for whoever opens it next: that may be this member again. */
  readonly #open = new Map<string, PromiseWithResolvers<void>>();
  readonly #closing = new Set<Promise<void>>();
  /** Where the stores of tasks stand that are not open: by the task's name and theirs; undefined: there is nothing. */
  readonly #left = new Map<string, ReadonlyMap<string, number> | undefined>();
  #cleanUp: unknown;
  #ended = false;

  constructor(settings: KeptSettings, plan: Pick<TopicPlan, "topicIds">) {
    this.#settings = settings;
    this.#plan = plan;
    this.#cleanUpLater();
  }

  /** Undefined where state is in memory, or the task has none. Rejects where the state belongs to another process. */
  async open(subTopology: SubTopology, partition: number): Promise<TaskState | undefined> {
    const { stores } = subTopology;
    const { state, applicationId } = this.#settings;
    if (state === undefined || stores.length === 0) return undefined;
    const id = taskName(subTopology, partition);
    // A start that is of no use any more may have it still.
    for (let open = this.#open.get(id); open !== undefined; open = this.#open.get(id)) await open.promise;
    this.#open.set(id, Promise.withResolvers());
    this.#left.delete(id);
    try {
      return await state.openTask({
        id,
        stores: stores.map((definition) => ({
          name: definition.name,
          kind: definition.kind,
          changelogTopicId: definition.changelog
            ? this.#plan.topicIds.get(changelogTopic(applicationId, definition))
            : undefined,
        })),
      });
    } catch (error) {
      this.#closed(id);
      throw error;
    }
  }

  /** The task is no longer here. */
  close(subTopology: SubTopology, partition: number, state: TaskState): void {
    const id = taskName(subTopology, partition);
    const positions = new Map(subTopology.stores.map(({ name }) => [name, state.store(name).position]));
    const closing = state
      .close()
      .then(() => void this.#left.set(id, positions))
      .catch((error: unknown) =>
        this.#settings.log("warn", `the state of a task could not be closed: ${messageOf(error)}`, {
          state: id,
        }),
      )
      .finally(() => {
        this.#closing.delete(closing);
        this.#closed(id);
      });
    this.#closing.add(closing);
  }

  /**
   * Next changelog offsets after what has been left of a task's stores, by their names; undefined where there is nothing,
   * and while it is open. Rejects as `open` does.
   */
  async left(subTopology: SubTopology, partition: number): Promise<ReadonlyMap<string, number> | undefined> {
    const { state } = this.#settings;
    const id = taskName(subTopology, partition);
    if (state === undefined || this.#open.has(id)) return undefined;
    if (!this.#left.has(id)) {
      this.#left.set(id, undefined);
      if (state.holds(id)) {
        const opened = await this.open(subTopology, partition);
        if (opened !== undefined) this.close(subTopology, partition, opened);
        await this.#open.get(id)?.promise;
      }
    }
    return this.#left.get(id);
  }

  /** Resolves when all that was closed is written, and the place is given up. */
  async end(): Promise<void> {
    const { state, clock } = this.#settings;
    this.#ended = true;
    clock.clearTimeout(this.#cleanUp);
    await Promise.all(this.#closing);
    await state?.close();
  }

  #closed(id: string): void {
    const open = this.#open.get(id);
    this.#open.delete(id);
    open?.resolve();
  }

  /** Not at the start: what has been left for long may be wanted again in a moment. */
  #cleanUpLater(): void {
    const { state, stateCleanupDelayMs, clock } = this.#settings;
    if (state === undefined || this.#ended) return;
    this.#cleanUp = clock.setTimeout(
      () => void this.#deleteLeft().finally(() => this.#cleanUpLater()),
      Math.max(leastCleanUpMs, stateCleanupDelayMs),
    );
  }

  /** Deletes what has been left by tasks that went elsewhere and did not come back. */
  async #deleteLeft(): Promise<void> {
    const { state, stateCleanupDelayMs, log } = this.#settings;
    try {
      for (const id of (await state?.cleanUp(stateCleanupDelayMs)) ?? []) this.#left.delete(id);
    } catch (error) {
      log("warn", `state that was left could not be cleaned up: ${messageOf(error)}`);
    }
  }
}

/**
 * The same in every version of the topology that has this sub-topology; short enough for a file's name, and begins with
 * one that a person knows.
 */
const taskName = ({ identity, stores }: SubTopology, partition: number): string => {
  const hash = (murmur2(Buffer.from(identity)) >>> 0).toString(16).padStart(8, "0");
  return `${stores[0]?.name ?? "no-store"}-${hash}_${partition}`;
};
