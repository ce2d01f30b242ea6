import type { Clock } from "../../../clock.ts";
import type { HealthEvent } from "../../../transport/health-event.ts";

/** How long a broker may be without an answer before that is told, ms. */
const patienceMs = 2_000;

interface Outage {
  readonly since: number;
  readonly timer: unknown;
  told: boolean;
}

/** Which brokers one client gets no answers from, and who is told of it. */
export class BrokerHealth {
  readonly #clock: Clock;
  readonly #listeners = new Set<(event: HealthEvent) => void>();
  readonly #outages = new Map<number, Outage>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  listen(listener: (event: HealthEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** No answer came. */
  failed(node: number, request: string): void {
    if (this.#outages.has(node) || this.#listeners.size === 0) return;
    const outage: Outage = {
      since: this.#clock.monotonic(),
      told: false,
      timer: this.#clock.setTimeout(() => {
        outage.told = true;
        this.#tell(node, "unreachable", request, outage);
      }, patienceMs),
    };
    this.#outages.set(node, outage);
  }

  answered(node: number, request: string): void {
    const outage = this.#outages.get(node);
    if (outage === undefined) return;
    this.#outages.delete(node);
    this.#clock.clearTimeout(outage.timer);
    if (outage.told) this.#tell(node, "reachable", request, outage);
  }

  #tell(node: number, state: HealthEvent["state"], request: string, { since }: Outage): void {
    const sinceMs = Math.round(this.#clock.monotonic() - since);
    for (const listener of this.#listeners)
      listener({ broker: `simulated-${node}:9092`, node, state, request, sinceMs });
  }
}
