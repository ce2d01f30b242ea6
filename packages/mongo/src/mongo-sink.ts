import { type Clock, type Log, systemClock } from "@millrace/streams";
import type { Document } from "mongodb";
import type { Effect, EventPosition, Outcome } from "./effect.ts";
import type { EffectTarget } from "./effect-target.ts";
import { type BatchLimits, KeyedBatches } from "./keyed-batches.ts";
import { messageOf } from "./message-of.ts";
import { MongoError } from "./mongo-error.ts";
import { Patience } from "./patience.ts";
import { marksOf, processedEvents } from "./processed-events.ts";
import { writeGuarded } from "./write-guarded.ts";
import { writeInTransactions } from "./write-in-transactions.ts";

/** How a sink batches, and whom it tells. */
export interface MongoSinkOptions extends Partial<BatchLimits> {
  /** Told when MongoDB begins to fail, and when it answers again. */
  readonly log?: Log;
  /** The system's by default. */
  readonly clock?: Clock;
}

/**
 * Writes what records do to MongoDB, for use in `mapAsync`: what it answers for is in the database, so the offset may
 * be committed. Effects that come while others are on the wire go together, at most 256 in a batch, and 4 batches at
 * once, unless said otherwise: so a server that takes long is sent more at a time. The indexes of `processed_events` must be there (`processedEventsIndexes`).
 */
export class MongoSink {
  readonly #target: EffectTarget;
  readonly #patience: Patience;
  readonly #batches: KeyedBatches<Effect, Outcome>;
  readonly #lookups: KeyedBatches<Lookup, boolean>;

  constructor(
    target: EffectTarget,
    { log, clock = systemClock, maxBatch = 256, maxConcurrentBatches = 4 }: MongoSinkOptions = {},
  ) {
    this.#target = target;
    this.#patience = new Patience(target.host, log, clock);
    const write = target.supportsTransactions ? writeInTransactions : writeGuarded;
    this.#batches = new KeyedBatches((batch) => write(target, batch, this.#patience), {
      maxBatch,
      maxConcurrentBatches,
    });
    this.#lookups = new KeyedBatches((batch) => this.#lookUp(batch), {
      maxBatch: 256,
      maxConcurrentBatches,
    });
  }

  /** False while MongoDB fails and things are tried again. */
  get healthy(): boolean {
    return this.#patience.healthy;
  }

  /**
   * Resolves when a majority of the servers has all its writes. A server that fails is tried without end. Rejects with
   * MONGO_WRITE, for this effect alone, where MongoDB refuses a write: not retriable; and with MONGO_CLOSED.
   */
  async apply(effect: Effect): Promise<Outcome> {
    try {
      return await this.#batches.add(effect);
    } catch (error) {
      if (error instanceof MongoError) throw error;
      const { topicId, partition, offset } = effect.position;
      throw new MongoError("MONGO_WRITE", `MongoDB refuses what the record writes: ${messageOf(error)}`, {
        cause: error,
        position: { topic: topicId, partition, offset },
      });
    }
  }

  /** For each position whether its effect is remembered as applied. What is asked meanwhile is looked up together. */
  alreadyApplied(positions: readonly EventPosition[]): Promise<readonly boolean[]> {
    return Promise.all(positions.map((position) => this.#lookups.add({ key: nameOf(position), position })));
  }

  async #lookUp(asked: readonly Lookup[]): Promise<readonly PromiseSettledResult<boolean>[]> {
    const filter = marksOf(asked.map(({ position }) => position));
    const found = await this.#patience.persist(() => this.#target.find(processedEvents, filter));
    const marked = new Set(found.map(nameOf));
    return asked.map(({ key }) => ({ status: "fulfilled", value: marked.has(key) }));
  }

  /** Does something with MongoDB until it lets it: for what is read between the writes. Rejects as `apply` does. */
  persist<T>(attempt: () => Promise<T>): Promise<T> {
    return this.#patience.persist(attempt);
  }

  /** Gives up what is being tried again: it is rejected with MONGO_CLOSED. Does not close the connection. */
  close(): void {
    this.#patience.close();
  }
}

interface Lookup {
  readonly key: string;
  readonly position: EventPosition;
}

const nameOf = ({ topicId, partition, offset }: EventPosition | Document): string =>
  `${String(topicId)} ${Number(partition)} ${Number(offset)}`;
