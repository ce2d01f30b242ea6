import type { Clock, Log } from "@millrace/streams";
import { backOffMs, closedError, pause } from "./back-off.ts";
import { messageOf } from "./message-of.ts";
import { isRetriable } from "./retriable.ts";

/** Does things until MongoDB lets it, and says when it begins to need patience and when that is over. */
export class Patience {
  readonly #host: string;
  readonly #log: Log | undefined;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  #failing = 0;
  #since = 0;

  constructor(host: string, log: Log | undefined, clock: Clock) {
    this.#host = host;
    this.#log = log;
    this.#clock = clock;
  }

  /** False while anything is being tried again. */
  get healthy(): boolean {
    return this.#failing === 0;
  }

  /** Tries until it succeeds, waiting ever longer, up to 5 s; rejects with the first error that is not retriable. */
  async persist<T>(attempt: () => Promise<T>): Promise<T> {
    for (let failures = 0; ;) {
      if (this.#closing.signal.aborted) {
        if (failures > 0) this.#failing--;
        throw closedError(this.#closing.signal);
      }
      try {
        const result = await attempt();
        if (failures > 0) this.#recovered();
        return result;
      } catch (error) {
        if (!isRetriable(error)) {
          // An answer, too: MongoDB is there.
          if (failures > 0) this.#recovered();
          throw error;
        }
        if (failures === 0) this.#failed(error);
        failures++;
      }
      // Closing is looked at where the next round begins.
      await pause(backOffMs(failures), this.#clock, this.#closing.signal).catch(() => undefined);
    }
  }

  close(): void {
    this.#closing.abort();
  }

  #failed(error: unknown): void {
    if (this.#failing++ > 0) return;
    this.#since = this.#clock.monotonic();
    this.#log?.("warn", `MongoDB at ${this.#host} fails, trying again until it answers: ${messageOf(error)}`);
  }

  #recovered(): void {
    if (--this.#failing > 0) return;
    const afterMs = Math.round(this.#clock.monotonic() - this.#since);
    this.#log?.("info", `MongoDB at ${this.#host} answers again`, { afterMs });
  }
}
