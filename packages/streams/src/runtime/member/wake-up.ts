import type { Clock } from "../../clock.ts";

/** Lets one loop sleep until something happens; a call that comes while it is awake makes the next sleep short. */
export class WakeUp {
  #called = false;
  #resolve: (() => void) | undefined;

  call(): void {
    this.#called = true;
    this.#resolve?.();
  }

  /** Resolves at the next call, or after `ms`. */
  async sleep(clock: Clock, ms: number): Promise<void> {
    if (!this.#called && ms > 0)
      await new Promise<void>((resolve) => {
        const timer = clock.setTimeout(resolve, ms);
        this.#resolve = () => {
          clock.clearTimeout(timer);
          resolve();
        };
      });
    this.#resolve = undefined;
    this.#called = false;
  }
}
