import type { ServiceDecision } from "@millrace/service";
import type { Decision } from "./decision.ts";
import type { DecisionLogEntry } from "./decision-log.ts";

/** Configs and hours of which the decisions are kept: a day of 500 configs. */
const mostKept = 12_000;

/**
 * What was decided last for each config and hour: the draft, and what came after it and is none. A later revision of an
 * hour takes the earlier one's place, so that it is always what led to the draft that is there.
 */
export class DecisionJournal {
  readonly #decisions = new Map<string, ServiceDecision>();
  #sequence = 0;

  /** `at`: wall clock, ms since the epoch. */
  add({ message, fields }: DecisionLogEntry, outcome: Decision["outcome"], at: number): void {
    const hour = `${String(fields["surgeConfigId"])} ${String(fields["effectiveFrom"])}`;
    const about = `${outcome === "draft" ? "draft" : "none"} ${hour}`;
    // Where it was deleted it comes last.
    this.#decisions.delete(about);
    if (outcome === "draft") this.#decisions.delete(`none ${hour}`);
    this.#decisions.set(about, { sequence: ++this.#sequence, about, at, message, fields });
    for (const oldest of this.#decisions.keys()) {
      if (this.#decisions.size <= mostKept) break;
      this.#decisions.delete(oldest);
    }
  }

  /** In the order of their sequence. */
  get decisions(): readonly ServiceDecision[] {
    return [...this.#decisions.values()];
  }
}
