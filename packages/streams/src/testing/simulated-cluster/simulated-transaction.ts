import type { SimulatedGroup } from "./simulated-group.ts";
import type { SimulatedLog } from "./simulated-log.ts";

/** What one producer writes between two ends. */
export class SimulatedTransaction {
  state: "open" | "committed" | "aborted" = "open";
  readonly logs: Set<SimulatedLog> = new Set();
  readonly groups: Set<SimulatedGroup> = new Set();

  end(committed: boolean): void {
    if (this.state !== "open") return;
    this.state = committed ? "committed" : "aborted";
    for (const group of this.groups) group.endTransaction(this);
    for (const log of this.logs) log.mark(this);
  }
}

/** The life of a transactional id: one producer at a time, each with an epoch of its own. */
export class TransactionalId {
  epoch = -1;
  #open: SimulatedTransaction | undefined;
  #timer: unknown;
  readonly #setTimer: (callback: () => void, ms: number) => unknown;
  readonly #clearTimer: (timer: unknown) => void;

  constructor(setTimer: (callback: () => void, ms: number) => unknown, clearTimer: (timer: unknown) => void) {
    this.#setTimer = setTimer;
    this.#clearTimer = clearTimer;
  }

  /** Another producer: what its predecessor left open is aborted, and the predecessor fenced. */
  take(): number {
    this.abort();
    return ++this.epoch;
  }

  begin(timeoutMs: number): SimulatedTransaction {
    const transaction = new SimulatedTransaction();
    this.#open = transaction;
    this.#timer = this.#setTimer(() => {
      // Who comes back after this is fenced.
      this.epoch++;
      this.abort();
    }, timeoutMs);
    return transaction;
  }

  commit(): void {
    this.#end(true);
  }

  abort(): void {
    this.#end(false);
  }

  #end(committed: boolean): void {
    this.#clearTimer(this.#timer);
    this.#open?.end(committed);
    this.#open = undefined;
  }
}
