import { MillraceError } from "../../errors.ts";

/** Life of an application (Kafka Streams' `KafkaStreams.State`). `error` and `stopped` are final. */
export type AppState = "created" | "rebalancing" | "running" | "pendingShutdown" | "stopped" | "error";

const allowed: Readonly<Record<AppState, readonly AppState[]>> = {
  created: ["rebalancing", "pendingShutdown", "error"],
  rebalancing: ["running", "rebalancing", "pendingShutdown", "error"],
  running: ["rebalancing", "pendingShutdown", "error"],
  pendingShutdown: ["stopped", "error"],
  stopped: [],
  error: [],
};

export type StateListener = (state: AppState, before: AppState) => void;

/** The state and who is told of its changes. */
export class StateMachine {
  #state: AppState = "created";
  readonly #listeners = new Set<StateListener>();
  readonly #failed: (error: unknown) => void;

  /** `failed`: is told what a listener threw; the others hear of the change all the same. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  get state(): AppState {
    return this.#state;
  }

  /** Whether the change was made; a change that is not allowed is left, final states stay. */
  to(next: AppState): boolean {
    const before = this.#state;
    if (before === next || !allowed[before].includes(next)) return false;
    this.#state = next;
    for (const listener of this.#listeners)
      try {
        listener(next, before);
      } catch (error) {
        this.#failed(error);
      }
    return true;
  }

  /** Answers a function that ends the listening. */
  listen(listener: StateListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  mustBe(state: AppState, action: string): void {
    if (this.#state !== state)
      throw new MillraceError(
        `${action} needs an application that is ${state}, and this one is ${this.#state}`,
        {
          code: "WRONG_STATE",
        },
      );
  }
}
