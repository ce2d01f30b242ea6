import type { Outcome, PendingEvent } from "./pending-event.ts";

export interface BufferLimits {
  readonly records: number;
  readonly bytes: number;
}

/**
 * Events in the order of their acceptance, bounded. One stays here, and counts against the bounds, until it has an
 * outcome: so whatever a failed attempt leaves behind is still there, in front of what came after it.
 */
export class EventBuffer {
  readonly #limits: BufferLimits;
  // A set keeps the order, and gives up any of its members at once.
  readonly #pending = new Set<PendingEvent>();
  #bytes = 0;

  constructor(limits: BufferLimits) {
    this.#limits = limits;
  }

  get records(): number {
    return this.#pending.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The one that waits longest. */
  get first(): PendingEvent | undefined {
    return this.#pending.values().next().value;
  }

  all(): readonly PendingEvent[] {
    return [...this.#pending];
  }

  has(pending: PendingEvent): boolean {
    return this.#pending.has(pending);
  }

  /** Takes all of them, or none when there is no room: false. */
  offer(events: readonly PendingEvent[]): boolean {
    const bytes = events.reduce((sum, event) => sum + event.bytes, 0);
    const { records: mostRecords, bytes: mostBytes } = this.#limits;
    if (this.#pending.size + events.length > mostRecords || this.#bytes + bytes > mostBytes) return false;
    for (const event of events) this.#pending.add(event);
    this.#bytes += bytes;
    return true;
  }

  /** The oldest, up to so many and so many bytes, at least one if there is one. They stay. */
  peek(most: BufferLimits): readonly PendingEvent[] {
    const batch: PendingEvent[] = [];
    let bytes = 0;
    for (const pending of this.#pending) {
      bytes += pending.bytes;
      if (batch.length > 0 && (batch.length >= most.records || bytes > most.bytes)) break;
      batch.push(pending);
    }
    return batch;
  }

  /** Removes one with its outcome; false when it had one already. */
  settle(pending: PendingEvent, outcome: Outcome): boolean {
    if (!this.#pending.delete(pending)) return false;
    this.#bytes -= pending.bytes;
    pending.settle(outcome);
    return true;
  }
}
