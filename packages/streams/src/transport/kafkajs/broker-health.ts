import type { HealthEvent } from "../health-event.ts";

/** How long something must not work before it is told, ms. */
const patienceMs = 2_500;
const lookEveryMs = 500;

/** A request without an answer yet, or something that does not work. */
export interface Trouble {
  readonly broker: string;
  readonly node: number;
  readonly request: string;
  /** In `performance.now()`. */
  readonly since: number;
  told: boolean;
  /** Nothing to tell where a broker is out of reach anyway. */
  readonly network?: boolean;
}

/**
 * Notices what does not answer: brokers to which requests fail or stay without an answer, and requests that are
 * refused again and again for want of a leader, replicas or a coordinator. Tells of each once, when it has lasted for a
 * while, and once when it is over.
 */
export class BrokerHealth {
  readonly #listeners = new Set<(event: HealthEvent) => void>();
  readonly #awaited = new Set<Trouble>();
  /** By broker. */
  readonly #unreachable = new Map<string, Trouble>();
  readonly #refused = new Set<Trouble>();
  #timer: NodeJS.Timeout | undefined;

  /** Answers a function that ends it. */
  listen(listener: (event: HealthEvent) => void): () => void {
    this.#listeners.add(listener);
    this.#watch();
    return () => this.#listeners.delete(listener);
  }

  /** A request goes out; `holdMs`: for how long the broker may keep it. */
  sent(broker: string, node: number, request: string, holdMs: number): Trouble {
    const awaited = { broker, node, request, since: performance.now() + holdMs, told: false };
    this.#awaited.add(awaited);
    this.#watch();
    return awaited;
  }

  /** The broker has answered, whatever. */
  answered(awaited: Trouble): void {
    this.#awaited.delete(awaited);
    const trouble = this.#unreachable.get(awaited.broker);
    if (trouble === undefined) return;
    this.#unreachable.delete(awaited.broker);
    this.#over(trouble);
  }

  /** There is no answer, and there will be none. */
  failed(awaited: Trouble): void {
    this.#awaited.delete(awaited);
    this.#lost(awaited, Math.min(awaited.since, performance.now()));
    this.#watch();
  }

  /** Nobody waits for it any more. */
  dropped(awaited: Trouble): void {
    this.#awaited.delete(awaited);
  }

  /** Something is tried again, since brokers can't do it, or do not answer just that. */
  refused(what: string, since: number, network: boolean): Trouble {
    const trouble = { broker: "", node: -1, request: what, since, network, told: false };
    this.#refused.add(trouble);
    this.#watch();
    return trouble;
  }

  /** It was done after all, or given up. */
  settled(trouble: Trouble): void {
    this.#refused.delete(trouble);
    this.#over(trouble);
  }

  /** Whether the broker is known not to answer. */
  isUnreachable(broker: string): boolean {
    return this.#unreachable.has(broker);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#listeners.clear();
  }

  #watch(): void {
    if (this.#timer !== undefined || this.#listeners.size === 0) return;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
    this.#timer.unref();
  }

  #look(): void {
    const now = performance.now();
    for (const awaited of this.#awaited) {
      if (awaited.told || now - awaited.since < patienceMs) continue;
      awaited.told = true;
      this.#lost(awaited, awaited.since);
    }
    for (const trouble of [...this.#unreachable.values(), ...this.#refused]) {
      if (trouble.told || now - trouble.since < patienceMs) continue;
      if (trouble.network === true && this.#unreachable.size > 0) continue;
      trouble.told = true;
      this.#tell(trouble, "unreachable");
    }
    if (this.#awaited.size + this.#unreachable.size + this.#refused.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #lost({ broker, node, request }: Trouble, since: number): void {
    if (!this.#unreachable.has(broker))
      this.#unreachable.set(broker, { broker, node, request, since, told: false });
  }

  #over(trouble: Trouble): void {
    if (trouble.told) this.#tell(trouble, "reachable");
  }

  #tell({ broker, node, request, since }: Trouble, state: HealthEvent["state"]): void {
    const sinceMs = Math.round(performance.now() - since);
    for (const listener of this.#listeners) listener({ broker, node, state, request, sinceMs });
  }
}
