import { once } from "node:events";
import { measurementOf } from "./measurement.ts";

/** The clocks of a process that is an engine's alone, so that its CPU and memory are too. */
export class MeasuredProcess {
  #begun = false;
  #startedAt = 0;
  #cpuBefore = process.cpuUsage();

  /** To be called with every record; the first one starts the clocks. */
  readonly record = (): void => {
    if (this.#begun) return;
    this.#begun = true;
    this.#startedAt = performance.now();
    this.#cpuBefore = process.cpuUsage();
  };

  /**
   * Waits for a line of input, or for `end`; then calls `stop`, and prints what was measured up to the line as the last
   * line of output.
   */
  async untilTold(records: number, end: Promise<unknown>, stop: () => Promise<void>): Promise<void> {
    await Promise.race([once(process.stdin, "data"), end]);
    const seconds = (performance.now() - this.#startedAt) / 1_000;
    const cpu = process.cpuUsage(this.#cpuBefore);
    process.stdin.destroy();
    await stop();
    process.stdout.write(`${JSON.stringify(measurementOf(records, seconds, cpu))}\n`);
  }
}
