/**
 * The stream time of one store, ms: the greatest time ever written to it (as in the JVM's stores), and what it was at
 * the last flush, the last seal and the last commit.
 */
export class ObservedTime {
  now = -1;
  #flushed = -1;
  #sealed = -1;
  #committed = -1;

  get flushed(): number {
    return this.#flushed;
  }

  get committed(): number {
    return this.#committed;
  }

  flush(): void {
    this.#flushed = this.now;
  }

  seal(): void {
    this.#sealed = this.#flushed;
  }

  commit(): void {
    this.#committed = this.#sealed;
  }

  revert(): void {
    this.now = this.#committed;
    this.#flushed = this.#committed;
  }

  /** What is there now came from the changelog. */
  restored(): void {
    this.#flushed = this.now;
    this.#committed = this.now;
  }
}
