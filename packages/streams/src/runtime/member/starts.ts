import type { AppSettings } from "../settings/app-options.ts";
import type { PreparedTask } from "../task/prepared-task.ts";
import type { TaskStarter } from "./task-starter.ts";
import type { HeldTasks } from "./held-tasks.ts";
import type { MemberPost } from "./member-post.ts";
import type { Troubles } from "./troubles.ts";

/** A task that is to be started, in this life of it. */
export interface WantedStart {
  readonly task: string;
  readonly life: number;
}

/** Starts the tasks that a member wants. One that it wants no more when it is ready is closed at once. */
export class Starts {
  readonly #settings: AppSettings;
  readonly #starter: TaskStarter;
  readonly #held: HeldTasks;
  readonly #troubles: Troubles;
  readonly #post: MemberPost;

  constructor(
    settings: AppSettings,
    starter: TaskStarter,
    held: HeldTasks,
    troubles: Troubles,
    post: MemberPost,
  ) {
    this.#settings = settings;
    this.#starter = starter;
    this.#held = held;
    this.#troubles = troubles;
    this.#post = post;
  }

  /** All of one step together. */
  async start(starts: readonly WantedStart[]): Promise<void> {
    const lives = new Map(starts.map(({ task, life }) => [task, life]));
    const lifeOf = (id: string): number => lives.get(id) ?? 0;
    const isWanted = (id: string): boolean => {
      const owned = this.#post.state().tasks.get(id);
      return owned?.phase === "starting" && owned.life === lifeOf(id);
    };
    await this.#starter.start([...lives.keys()], {
      wanted: isWanted,
      ready: (started) => {
        const id = started.task.taskId;
        this.#post.letter(() => {
          if (!isWanted(id)) {
            this.#giveUp(started);
            return;
          }
          this.#held.add(started);
          this.#settings.log("info", `task ${id} runs`, { task: id });
          this.#post.dispatch({ type: "started", task: id, life: lifeOf(id) });
        });
      },
      unwanted: (prepared) => this.#giveUp(prepared),
      failed: (id, error) => {
        if (isWanted(id))
          this.#troubles.troubled(error, `task ${id} could not be started`, {
            type: "notStarted",
            task: id,
            life: lifeOf(id),
          });
      },
    });
  }

  /** Of those that were started some are not wanted any more. */
  abandon(): void {
    this.#starter.abandon();
  }

  #giveUp(prepared: PreparedTask): void {
    // A later start of it waits until its state is free: kept for a standby, it would never be.
    if (this.#post.state().tasks.get(prepared.task.taskId)?.phase === "starting") prepared.task.close();
    else this.#held.giveUp(prepared);
  }
}
