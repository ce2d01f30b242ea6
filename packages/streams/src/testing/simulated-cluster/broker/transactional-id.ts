import type { Clock } from "../../../clock.ts";
import { refusal } from "./refusal.ts";
import type { SimulatedGroup } from "./simulated-group.ts";
import type { SimulatedLog } from "./simulated-log.ts";
import { SimulatedTransaction } from "./simulated-transaction.ts";

/** Who a producer is. */
export interface ProducerIdentity {
  readonly producerId: number;
  readonly epoch: number;
}

/**
 * What the transaction coordinator knows of one transactional id: one producer at a time, each with an epoch of its own.
 * The end of a transaction is decided in one moment, and its markers reach each log and group on their own after it.
 */
export class TransactionalId {
  readonly #name: string;
  readonly #clock: Clock;
  /** How long a marker is on its way, ms. */
  readonly #markerMs: () => number;
  readonly #producerId: number;
  #epoch = -1;
  #timeoutMs = 0;
  #open: SimulatedTransaction | undefined;
  #timer: unknown;
  /** Markers of the transaction before that are still on their way. */
  #markers = 0;
  /** The last end, and of which epoch: asked for again, it is answered again. */
  #last: { readonly epoch: number; readonly committed: boolean } | undefined;

  constructor(name: string, producerId: number, clock: Clock, markerMs: () => number) {
    this.#name = name;
    this.#producerId = producerId;
    this.#clock = clock;
    this.#markerMs = markerMs;
  }

  /** Another producer: what its predecessor left open is aborted first, and the predecessor fenced. */
  initProducerId(timeoutMs: number): ProducerIdentity {
    if (this.#open !== undefined) this.#abortFenced();
    this.#mustBeSettled();
    this.#timeoutMs = timeoutMs;
    this.#last = undefined;
    this.#epoch++;
    return { producerId: this.#producerId, epoch: this.#epoch };
  }

  /** The producer is about to write there. */
  add(identity: ProducerIdentity, logs: readonly SimulatedLog[], groups: readonly SimulatedGroup[]): void {
    this.#check(identity);
    this.#mustBeSettled();
    if (this.#open === undefined) {
      this.#open = new SimulatedTransaction(this.#producerId, this.#epoch);
      this.#timer = this.#clock.setTimeout(() => this.#abortFenced(), this.#timeoutMs);
    }
    for (const log of logs) this.#open.logs.add(log);
    for (const group of groups) this.#open.groups.add(group);
  }

  /** The open transaction, which holds that log or group; throws what a broker says that does not know of it. */
  ongoing(identity: ProducerIdentity, part: SimulatedLog | SimulatedGroup): SimulatedTransaction {
    this.#check(identity);
    const open = this.#open;
    if (open === undefined || !(open.logs.has(part) || open.groups.has(part)))
      throw refusal("INVALID_TXN_STATE", `transaction of "${this.#name}"`);
    return open;
  }

  end(identity: ProducerIdentity, committed: boolean): void {
    this.#check(identity);
    if (this.#open === undefined) {
      if (this.#last?.committed === committed && this.#last.epoch === identity.epoch) return;
      throw refusal("INVALID_TXN_STATE", `ending a transaction of "${this.#name}"`);
    }
    this.#last = { epoch: identity.epoch, committed };
    this.#end(committed);
  }

  #abortFenced(): void {
    // Who comes back after this is fenced, also where the transaction did not reach.
    this.#epoch++;
    if (this.#open !== undefined) this.#open.epoch = this.#epoch;
    this.#end(false);
  }

  #end(committed: boolean): void {
    this.#clock.clearTimeout(this.#timer);
    const transaction = this.#open;
    this.#open = undefined;
    if (transaction === undefined) return;
    transaction.committed = committed;
    for (const log of transaction.logs) this.#mark(() => log.mark(transaction));
    for (const group of transaction.groups) this.#mark(() => group.mark(transaction));
  }

  #mark(mark: () => void): void {
    this.#markers++;
    const arrive = (): void => {
      this.#markers--;
      mark();
    };
    const ms = this.#markerMs();
    if (ms > 0) this.#clock.setTimeout(arrive, ms);
    else arrive();
  }

  #check({ epoch }: ProducerIdentity): void {
    if (epoch !== this.#epoch) throw refusal("INVALID_PRODUCER_EPOCH", `transactional id "${this.#name}"`);
  }

  #mustBeSettled(): void {
    if (this.#markers > 0) throw refusal("CONCURRENT_TRANSACTIONS", `transactional id "${this.#name}"`);
  }
}
