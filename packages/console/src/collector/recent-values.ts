/** A value a tick, so many of them. */
const ticks = 120;

/** The last values of something, for a small curve. */
export class RecentValues {
  #values: number[] = [];

  add(value: number): void {
    this.#values = [...this.#values.slice(1 - ticks), Math.round(value * 10) / 10];
  }

  /** The oldest first. */
  get values(): readonly number[] {
    return this.#values;
  }
}
