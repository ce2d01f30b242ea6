import type { Clock } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import type { TransportError } from "../../transport/transport-error.ts";
import type { Log } from "../../log.ts";
import type { Disturbance } from "./disturbance.ts";
import type { HeartbeatListener } from "./heartbeats.ts";

export interface ContactOptions {
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** A join may be overtaken by this many heartbeats, or their answers, on another connection. */
const overtaking = 2;

/** What heartbeats tell of the member's standing with its coordinator. */
export class Contact implements HeartbeatListener {
  readonly #options: ContactOptions;
  readonly #disturb: (by: Disturbance) => void;
  #silentSince: number | undefined;
  /** While a join is on the wire: heartbeats since that were answered as if there were none. */
  #unseen: number | undefined;

  constructor(options: ContactOptions, disturb: (by: Disturbance) => void) {
    this.#options = options;
    this.#disturb = disturb;
  }

  /** A join goes on the wire. */
  joins(): void {
    this.#unseen = 0;
  }

  /** None is on the wire any more. */
  joined(): void {
    this.#unseen = undefined;
  }

  alive(rebalancing: boolean): void {
    const { clock, groupId, log } = this.#options;
    if (this.#silentSince !== undefined)
      log(
        "info",
        `the coordinator of group "${groupId}" answers again, after ${Math.round(clock.monotonic() - this.#silentSince)} ms`,
      );
    this.#silentSince = undefined;
    if (this.#unseen === undefined) {
      if (rebalancing) this.#disturb({ type: "rebalance" });
    } else if (rebalancing) this.#unseen = 0;
    else if (++this.#unseen > overtaking) this.#disturb({ type: "unseen" });
  }

  refused(error: TransportError): void {
    // The join's answer is on its way, with a generation that makes this one an old one.
    if (
      this.#unseen !== undefined &&
      error.kafkaError === "ILLEGAL_GENERATION" &&
      ++this.#unseen <= overtaking
    )
      return;
    this.#disturb({ type: "refused", error });
  }

  silent(forMs: number, error: unknown): void {
    const { clock, groupId, log, sessionTimeoutMs } = this.#options;
    if (this.#silentSince === undefined) {
      this.#silentSince = clock.monotonic() - forMs;
      log(
        "warn",
        `the coordinator of group "${groupId}" has not answered for ${Math.round(forMs)} ms; the member goes on, at most ` +
          `until its session of ${sessionTimeoutMs} ms has ended: ${messageOf(error)}`,
      );
    }
    if (forMs >= sessionTimeoutMs) this.#disturb({ type: "expired", error });
  }
}
