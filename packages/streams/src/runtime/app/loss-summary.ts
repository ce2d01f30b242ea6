import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Metrics } from "../metrics/metrics.ts";

type Losses = Pick<Metrics, "late" | "skipped" | "nullKeys" | "negativeTimestamps" | "deadLettered">;

const everyMs = 60_000;

const texts = {
  late: "late records",
  skipped: "records left out by a handler",
  nullKeys: "records left out for a null key",
  negativeTimestamps: "records left out for a negative timestamp",
} as const;
const counted = Object.keys(texts) as readonly (keyof typeof texts)[];

/**
 * Once a minute one line about the records that were not processed since the last: late, left out or dead-lettered; none
 * where there were none. Each of them by itself is told at level debug.
 */
export class LossSummary {
  readonly #metrics: Losses;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #told = { late: 0, skipped: 0, nullKeys: 0, negativeTimestamps: 0 };
  readonly #dead = new Map<string, number>();
  #from: number;
  #timer: unknown;

  constructor(metrics: Losses, log: Log, clock: Clock) {
    this.#metrics = metrics;
    this.#log = log;
    this.#clock = clock;
    this.#from = clock.monotonic();
  }

  start(): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#tell();
      this.start();
    }, everyMs);
  }

  /** Tells what is left to be told. */
  close(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#tell();
  }

  #tell(): void {
    const now = this.#clock.monotonic();
    const seconds = Math.round((now - this.#from) / 1_000);
    this.#from = now;
    const parts: string[] = [];
    const fields: Record<string, unknown> = { seconds };
    for (const name of counted) {
      const count = this.#metrics[name] - this.#told[name];
      this.#told[name] = this.#metrics[name];
      if (count === 0) continue;
      fields[name] = count;
      parts.push(`${count} ${texts[name]}`);
    }
    const dead: Record<string, number> = {};
    for (const [reason, total] of this.#metrics.deadLettered) {
      const count = total - (this.#dead.get(reason) ?? 0);
      this.#dead.set(reason, total);
      if (count > 0) dead[reason] = count;
    }
    const reasons = Object.entries(dead);
    if (reasons.length > 0) {
      fields["deadLettered"] = dead;
      const sum = reasons.reduce((all, [, count]) => all + count, 0);
      parts.push(
        `${sum} dead letters (${reasons.map(([reason, count]) => `${reason} ${count}`).join(", ")})`,
      );
    }
    if (parts.length > 0) this.#log("warn", `in the last ${seconds} s: ${parts.join(", ")}`, fields);
  }
}
