import { createHash } from "node:crypto";
import type { VirtualClock } from "../../src/testing/virtual-clock.ts";

/** What happened in a run, line by line, in virtual time. */
export class Trace {
  readonly #clock: VirtualClock;
  readonly #lines: string[] = [];

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  readonly add = (line: string): void => {
    this.#lines.push(`${this.#clock.monotonic().toFixed(2).padStart(10)}  ${line}`);
  };

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Of all of it: two runs with the same hash did the same at the same times. */
  get hash(): string {
    return createHash("sha256").update(this.#lines.join("\n")).digest("hex");
  }
}
