import type { Clock, Log } from "@millrace/streams";
import { canHeal } from "./can-heal.ts";
import type { EventBuffer } from "./event-buffer.ts";
import type { EventProducer } from "./event-producer.ts";
import { Pause } from "./pause.ts";
import type { PendingEvent } from "./pending-event.ts";
import { PublishError } from "./publish-error.ts";
import { isFaultOfRecord } from "./record-fault.ts";

export interface DeliveryOptions {
  readonly buffer: EventBuffer;
  readonly openProducer: () => Promise<EventProducer>;
  readonly lingerMs: number;
  readonly maxBackOffMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Of one attempt. What an outage has gathered goes out in steps, so that each step that succeeds is done with. */
const batchLimits = { records: 5_000, bytes: 1024 * 1024 };
const firstBackOffMs = 100;

/**
 * Empties the buffer into Kafka, oldest first, one batch on the wire at a time, which keeps the order of each key.
 * A batch stays in the buffer until it is acknowledged. When an attempt fails, everything given to that producer is
 * void: a new one gets the same events again. Should they have arrived all the same, they are there twice, which is
 * harmless: whoever counts bookings counts an (eventId, action, timestamp) once.
 */
export class DeliveryLoop {
  readonly #options: DeliveryOptions;
  readonly #linger: Pause;
  readonly #backOff: Pause;
  #running: Promise<void> | undefined;
  #opening: Promise<EventProducer> | undefined;
  #producer: EventProducer | undefined;
  /** So many events go one by one: one of them is at fault. */
  #singly = 0;
  #stopped = false;
  failures = 0;
  /** What the last attempt failed of; undefined after one that succeeded. */
  lastError: unknown;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#linger = new Pause(options.clock);
    this.#backOff = new Pause(options.clock);
  }

  /** Something is in the buffer. */
  wake(): void {
    if (this.#stopped) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      // Accepted after the last look, and before this.
      if (this.#options.buffer.first !== undefined) this.wake();
    });
  }

  /** Sends what is gathered without waiting for more. */
  hurry(): void {
    this.#linger.end();
  }

  /** The producer, opened by the first who needs it. A failure is only this attempt's. */
  async open(): Promise<EventProducer> {
    if (this.#producer !== undefined) return this.#producer;
    this.#opening ??= this.#options.openProducer().finally(() => {
      this.#opening = undefined;
    });
    const producer = await this.#opening;
    if (this.#stopped) {
      await producer.close();
      throw new PublishError("CLOSED", "the booking publisher is closed", "unsent");
    }
    this.#producer = producer;
    return producer;
  }

  /** Ends what is under way, and closes the producer. What is left stays in the buffer. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#linger.end();
    this.#backOff.end();
    if (this.#producer === undefined) return; // one that is being opened closes itself when it is there
    await this.#producer.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { buffer, lingerMs, maxBackOffMs } = this.#options;
    await this.#linger.wait(lingerMs);
    // After a failure it goes on until Kafka answers, also when nothing waits any more: `lastError` must not outlive it.
    for (let failed = 0; !this.#stopped && (buffer.first !== undefined || this.lastError !== undefined);)
      try {
        await this.#sendBatch(await this.open());
        failed = 0;
        this.lastError = undefined;
      } catch (error) {
        if (this.#stopped) return;
        if (failed++ === 0)
          this.#options.log("warn", `booking events can't be delivered: ${messageOf(error)}`, {
            waiting: buffer.records,
          });
        await this.#failed(error);
        const backOffMs = Math.min(maxBackOffMs, firstBackOffMs * 2 ** Math.min(failed - 1, 20));
        // Not every instance of a service at the same moment.
        if (!this.#stopped) await this.#backOff.wait(backOffMs * (0.75 + Math.random() / 4));
      }
  }

  async #sendBatch(producer: EventProducer): Promise<void> {
    const { buffer } = this.#options;
    const batch = buffer.peek(this.#singly > 0 ? { ...batchLimits, records: 1 } : batchLimits);
    const appended: PendingEvent[] = [];
    for (const pending of batch)
      try {
        producer.append(pending.event);
        appended.push(pending);
      } catch (error) {
        if (!isFaultOfRecord(error)) throw error;
        buffer.settle(pending, refusal(pending, error));
      }
    for (const pending of appended) pending.attempted = true;
    try {
      if (appended.length > 0) await producer.flush();
    } catch (error) {
      if (!isFaultOfRecord(error)) throw error;
      const [only, second] = appended;
      if (only === undefined || second !== undefined) this.#singly = appended.length;
      else {
        buffer.settle(only, refusal(only, error));
        this.#singly = Math.max(0, this.#singly - 1);
      }
      throw error;
    }
    for (const pending of appended) buffer.settle(pending, undefined);
    this.#singly = Math.max(0, this.#singly - 1);
  }

  async #failed(error: unknown): Promise<void> {
    this.failures++;
    this.lastError = error;
    const producer = this.#producer;
    this.#producer = undefined;
    await producer?.close();
    if (canHeal(error) || isFaultOfRecord(error)) return;
    // Waiting will not help by itself: who awaits is told, the others wait until somebody has mended it.
    const { buffer } = this.#options;
    for (const pending of buffer.all()) if (pending.awaited) buffer.settle(pending, refusal(pending, error));
  }
}

const refusal = ({ attempted }: PendingEvent, cause: unknown): PublishError =>
  new PublishError("REFUSED", `not delivered: ${messageOf(cause)}`, attempted ? "maybeSent" : "unsent", {
    cause,
  });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
