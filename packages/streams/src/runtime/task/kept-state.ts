import { messageOf } from "../../errors.ts";
import type { StateBackend, TaskState } from "../../state/state-backend.ts";
import type { SubTopology } from "../../sub-topology.ts";
import { murmur2 } from "../../transport/murmur2.ts";
import type { Log } from "../app/logger.ts";
import { changelogTopic } from "../topics/internal-topic-names.ts";
import type { TopicPlan } from "../topics/plan.ts";

/** The state of this member's tasks that outlives its process, where it has a place for that. */
export class KeptState {
  readonly #backend: StateBackend | undefined;
  readonly #log: Log;
  /** What is being left for whoever opens it next: that may be this member again. */
  readonly #closing = new Map<string, Promise<void>>();

  constructor(backend: StateBackend | undefined, log: Log) {
    this.#backend = backend;
    this.#log = log;
  }

  /** Undefined where state is in memory, or the task has none. Rejects where the state belongs to another process. */
  async open(
    subTopology: SubTopology,
    partition: number,
    applicationId: string,
    plan: Pick<TopicPlan, "topicIds">,
  ): Promise<TaskState | undefined> {
    const { stores } = subTopology;
    if (this.#backend === undefined || stores.length === 0) return undefined;
    const id = taskName(subTopology, partition);
    await this.#closing.get(id);
    return this.#backend.openTask({
      id,
      stores: stores.map((definition) => ({
        name: definition.name,
        kind: definition.kind,
        changelogTopicId: definition.changelog
          ? plan.topicIds.get(changelogTopic(applicationId, definition))
          : undefined,
      })),
    });
  }

  /** The task is no longer here. */
  close(subTopology: SubTopology, partition: number, state: TaskState): void {
    const id = taskName(subTopology, partition);
    const closing = state
      .close()
      .catch((error: unknown) =>
        this.#log("warn", `the state of a task could not be closed: ${messageOf(error)}`, { state: id }),
      )
      .finally(() => this.#closing.delete(id));
    this.#closing.set(id, closing);
  }

  /** Deletes what has been left by tasks that went elsewhere and did not come back for so long, ms. */
  async cleanUp(olderThanMs: number): Promise<void> {
    try {
      await this.#backend?.cleanUp(olderThanMs);
    } catch (error) {
      this.#log("warn", `state that was left could not be cleaned up: ${messageOf(error)}`);
    }
  }

  /** Resolves when all that was closed is written, and the place is given up. */
  async end(): Promise<void> {
    await Promise.all(this.#closing.values());
    await this.#backend?.close();
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
