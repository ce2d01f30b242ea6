import type { Log, Metrics } from "@millrace/streams";

type Losses = Pick<Metrics, "late" | "skipped" | "deadLettered">;

/**
 * One line about the records that were late, left out or dead-lettered since it was last asked; none where there were
 * none.
 */
export class LossSummary {
  readonly #metrics: Losses;
  readonly #log: Log;
  readonly #now: () => number;
  #late = 0;
  #skipped = 0;
  readonly #dead = new Map<string, number>();
  #from: number;

  constructor(metrics: Losses, log: Log, now: () => number = Date.now) {
    this.#metrics = metrics;
    this.#log = log;
    this.#now = now;
    this.#from = now();
  }

  tell(): void {
    const { late, skipped, deadLettered } = this.#metrics;
    const reasons = [...deadLettered]
      .map(([reason, count]) => [reason, count - (this.#dead.get(reason) ?? 0)] as const)
      .filter(([, count]) => count > 0);
    const dead = reasons.reduce((sum, [, count]) => sum + count, 0);
    const now = this.#now();
    const fields = {
      late: late - this.#late,
      skipped: skipped - this.#skipped,
      deadLettered: Object.fromEntries(reasons),
      seconds: Math.round((now - this.#from) / 1_000),
    };
    this.#from = now;
    this.#late = late;
    this.#skipped = skipped;
    for (const [reason, count] of deadLettered) this.#dead.set(reason, count);
    if (fields.late === 0 && fields.skipped === 0 && dead === 0) return;
    const parts = [
      fields.late > 0 && `${fields.late} late records`,
      fields.skipped > 0 && `${fields.skipped} records left out by a handler`,
      dead > 0 &&
        `${dead} dead letters (${reasons.map(([reason, count]) => `${reason} ${count}`).join(", ")})`,
    ].filter((text) => text !== false);
    this.#log("warn", `in the last ${fields.seconds} s: ${parts.join(", ")}`, fields);
  }
}
