import type { RecordPosition } from "../../topic.ts";

/** Between two tries of a record: this, doubled with each, up to the longest. ms. */
const firstPauseMs = 100;
const longestPauseMs = 10_000;

/** How often a task has tried the record that it can't get past: it survives the undoing of all else. */
export class Attempts {
  #position: RecordPosition | undefined;
  #count = 0;

  of(position: RecordPosition | undefined): number {
    return this.#isSame(position) ? this.#count : 0;
  }

  /** One more; answers how long to wait before the next, ms. */
  add(position: RecordPosition | undefined): number {
    this.#count = this.of(position) + 1;
    this.#position = position;
    return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(this.#count - 1, 16));
  }

  #isSame(position: RecordPosition | undefined): boolean {
    const known = this.#position;
    return (
      known !== undefined &&
      known.topic === position?.topic &&
      known.partition === position.partition &&
      known.offset === position.offset
    );
  }
}
