import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type KeptStore,
  type KeptTask,
  type Log,
  MillraceError,
  type StateBackend,
  type TaskState,
} from "@millrace/streams";
import { checkFile } from "./check-file.ts";
import { type Environment, openEnvironment, positionKey, taskKey } from "./environment.ts";
import { LmdbTaskState } from "./lmdb-task-state.ts";
import { messageOf } from "./message-of.ts";
import { format, type TaskDescription } from "./task-description.ts";
import { OwnerLock } from "./owner-lock.ts";
import { Writer } from "./writer.ts";

/** Where state goes, and who hears of what becomes of it. */
export interface LmdbStateOptions {
  /**
   * The directory of one application, made if need be and readable by its owner alone (Kafka Streams' `state.dir` and
   * application id). One process at a time owns it.
   */
  readonly directory: string;
  readonly log?: Log;
}

const ownerOnly = 0o700;
const brokenMark = "broken";

/**
 * State in LMDB: an environment per task, in which state and changelog position change in one transaction, written by a
 * thread of its own. Throws a MillraceError STATE_LOCKED where another process owns the directory.
 */
export const lmdbState = async ({
  directory,
  log = () => undefined,
}: LmdbStateOptions): Promise<StateBackend> => {
  mkdirSync(directory, { recursive: true, mode: ownerOnly });
  chmodSync(directory, ownerOnly);
  const lock = await OwnerLock.acquire(directory);
  return new LmdbState(directory, lock, log);
};

class LmdbState implements StateBackend {
  readonly #directory: string;
  readonly #lock: OwnerLock;
  readonly #log: Log;
  readonly #writer = new Writer();
  readonly #open = new Set<string>();

  constructor(directory: string, lock: OwnerLock, log: Log) {
    this.#directory = directory;
    this.#lock = lock;
    this.#log = log;
  }

  // oxlint-disable-next-line typescript/require-await -- a backend may have to wait; what it throws is a rejection
  async openTask(task: KeptTask): Promise<TaskState> {
    if (this.#open.has(task.id))
      throw new MillraceError(`the state of task ${task.id} is open already`, { code: "STATE_LOCKED" });
    const path = this.#pathOf(task.id);
    const environment = this.#prepare(path, task);
    this.#open.add(task.id);
    return new LmdbTaskState(path, environment, this.#writer, task.stores, {
      broken: () => writeFileSync(join(path, brokenMark), ""),
      closed: () => this.#open.delete(task.id),
    });
  }

  holds(id: string): boolean {
    return existsSync(join(this.#pathOf(id), "data.mdb"));
  }

  // oxlint-disable-next-line typescript/require-await -- as above
  async cleanUp(olderThanMs: number): Promise<readonly string[]> {
    const cleaned: string[] = [];
    for (const entry of readdirSync(this.#directory, { withFileTypes: true })) {
      const id = entry.isDirectory() ? decodeURIComponent(entry.name) : undefined;
      if (id === undefined || this.#open.has(id)) continue;
      const path = join(this.#directory, entry.name);
      const data = statSync(join(path, "data.mdb"), { throwIfNoEntry: false }) ?? statSync(path);
      if (Date.now() - data.mtimeMs < olderThanMs) continue;
      rmSync(path, { recursive: true, force: true });
      cleaned.push(id);
      this.#log("info", `deleted the state of task ${id}, which has moved away`, { task: id });
    }
    return cleaned;
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#lock.release();
  }

  #pathOf(id: string): string {
    return join(this.#directory, encodeURIComponent(id));
  }

  #prepare(path: string, task: KeptTask): Environment {
    if (existsSync(join(path, brokenMark)))
      this.#throwAway(path, task.id, "it could not be read when it was last used");
    mkdirSync(path, { recursive: true, mode: ownerOnly });
    try {
      return this.#openKept(path, task);
    } catch (error) {
      this.#throwAway(path, task.id, `it can't be read: ${messageOf(error)}`);
      mkdirSync(path, { recursive: true, mode: ownerOnly });
      return this.#openKept(path, task);
    }
  }

  #openKept(path: string, task: KeptTask): Environment {
    checkFile(join(path, "data.mdb"));
    const environment = openEnvironment(path);
    try {
      const text = environment.meta.getBinary(taskKey)?.toString();
      const kept = text === undefined ? undefined : (JSON.parse(text) as TaskDescription);
      if (kept !== undefined && (kept.format !== format || kept.id !== task.id))
        throw new Error(`it is of task ${kept.id} in format ${kept.format}, not ${task.id} in ${format}`);
      this.#forgetOthers(environment, task, kept?.stores ?? []);
      environment.root.transactionSync(() =>
        environment.meta.putSync(
          taskKey,
          Buffer.from(JSON.stringify({ format, id: task.id, stores: task.stores } satisfies TaskDescription)),
        ),
      );
      return environment;
    } catch (error) {
      void environment.root.close();
      throw error;
    }
  }

  /** Stores that are no longer there, are kept in another way, or belong to another changelog. */
  #forgetOthers(environment: Environment, { id, stores }: KeptTask, kept: readonly KeptStore[]): void {
    for (const old of kept) {
      const now = stores.find(({ name }) => name === old.name);
      if (now?.kind === old.kind && now.changelogTopicId === old.changelogTopicId) continue;
      const why =
        now === undefined
          ? "the topology has it no more"
          : now.kind === old.kind
            ? "its changelog topic was deleted and made anew"
            : `it is of the kind ${now.kind} now, not ${old.kind}`;
      this.#log("warn", `threw away the state of store "${old.name}" of task ${id}: ${why}`, {
        task: id,
        store: old.name,
      });
      environment.store(old.name).clearSync();
      environment.meta.removeSync(positionKey(old.name));
    }
  }

  #throwAway(path: string, id: string, why: string): void {
    this.#log("warn", `threw away the state of task ${id}: ${why}; it is read from the changelogs`, {
      task: id,
    });
    rmSync(path, { recursive: true, force: true });
  }
}
