import type { SchemaRegistry } from "@millrace/avro";
import type { Transport } from "@millrace/streams";
import type { BookingEvent } from "../schemas/booking-event.ts";
import { validateBooking } from "../validate-booking.ts";
import { ActionTimes } from "./action-times.ts";
import { bookingLifecycle } from "./booking-lifecycle.ts";
import type { BookingPublisher, CloseReport } from "./booking-publisher.ts";
import { DeliveryLoop } from "./delivery-loop.ts";
import { type DeliverySettings, deliverySettings, type DropReason } from "./delivery-settings.ts";
import { EventBuffer } from "./event-buffer.ts";
import { eventProducers } from "./event-producer.ts";
import { eventSize } from "./event-size.ts";
import { type Outcome, type PendingEvent, pendingEvent } from "./pending-event.ts";
import { PublishError } from "./publish-error.ts";
import type { PublisherCounters } from "./publisher-counters.ts";
import { within } from "./within.ts";

/** What a publisher is made of beside its settings. */
export interface PublisherParts {
  readonly transport: Transport;
  readonly registry: SchemaRegistry;
  readonly topic: string;
  /** Given: the transport is the publisher's own, to connect and to close; called as soon as it takes no more. */
  readonly onClose?: () => void;
}

/** How long `close` waits for connections to end after its time is up, ms. */
const partingMs = 5_000;

/** A publisher that holds events until Kafka has them. Connects at the first one, or at `connect`. */
export class BufferedPublisher implements BookingPublisher {
  readonly bookingCreated: BookingPublisher["bookingCreated"];
  readonly bookingUpdated: BookingPublisher["bookingUpdated"];
  readonly bookingDeleted: BookingPublisher["bookingDeleted"];
  readonly acknowledged: BookingPublisher["acknowledged"];
  readonly #parts: PublisherParts;
  readonly #settings: Required<DeliverySettings>;
  readonly #buffer: EventBuffer;
  readonly #loop: DeliveryLoop;
  readonly #counts = { accepted: 0, sent: 0, invalid: 0, dropped: 0, expired: 0, refused: 0, unsent: 0 };
  #closing: Promise<CloseReport> | undefined;

  constructor(parts: PublisherParts, settings: DeliverySettings) {
    this.#parts = parts;
    this.#settings = deliverySettings(settings);
    const { lingerMs, maxBackOffMs, maxBufferedRecords, maxBufferedBytes, clock, log } = this.#settings;
    const { transport, registry, topic, onClose } = parts;
    this.#buffer = new EventBuffer({ records: maxBufferedRecords, bytes: maxBufferedBytes });
    this.#loop = new DeliveryLoop({
      buffer: this.#buffer,
      openProducer: eventProducers({ transport, registry, topic, connect: onClose !== undefined }),
      lingerMs,
      maxBackOffMs,
      clock,
      log,
    });
    const times = new ActionTimes(() => clock.now());
    const emitting = bookingLifecycle(times, (events) => this.#emit(events()));
    this.bookingCreated = emitting.bookingCreated;
    this.bookingUpdated = emitting.bookingUpdated;
    this.bookingDeleted = emitting.bookingDeleted;
    this.acknowledged = bookingLifecycle(times, async (events) => this.#publish(events()));
  }

  get healthy(): boolean {
    const { clock, unhealthyAfterMs } = this.#settings;
    const since = this.#buffer.first?.since;
    const stalled = since !== undefined && clock.monotonic() - since >= unhealthyAfterMs;
    return this.#loop.lastError === undefined && !stalled;
  }

  get lastError(): unknown {
    return this.#loop.lastError;
  }

  get counters(): PublisherCounters {
    return {
      ...this.#counts,
      failures: this.#loop.failures,
      buffered: this.#buffer.records,
      bufferedBytes: this.#buffer.bytes,
    };
  }

  publish(event: BookingEvent): Promise<void> {
    return this.#publish([event]);
  }

  emit(event: BookingEvent): boolean {
    return this.#emit([event]);
  }

  async connect(): Promise<void> {
    await this.#loop.open();
  }

  async flush(): Promise<void> {
    const waiting = this.#buffer.all().map(({ outcome }) => outcome);
    this.#loop.hurry();
    await Promise.all(waiting);
  }

  close({ timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}): Promise<CloseReport> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  #emit(events: readonly BookingEvent[]): boolean {
    const accepted = this.#offer(this.#checked(events), false);
    if (accepted instanceof PublishError) {
      for (const event of events) this.#drop(event, accepted.code === "CLOSED" ? "CLOSED" : "BUFFER_FULL");
      return false;
    }
    return true;
  }

  async #publish(events: readonly BookingEvent[]): Promise<void> {
    const accepted = this.#offer(this.#checked(events), true);
    if (accepted instanceof PublishError) {
      this.#counts.dropped += events.length;
      throw accepted;
    }
    const { clock, publishTimeoutMs } = this.#settings;
    const timer = clock.setTimeout(() => this.#expire(accepted), publishTimeoutMs);
    const outcomes = await Promise.all(accepted.map(({ outcome }) => outcome));
    clock.clearTimeout(timer);
    const failure = outcomes.find((outcome) => outcome !== undefined);
    if (failure !== undefined) throw failure;
  }

  /** Copies, so that what is sent is what was checked, and how many bytes each takes. */
  #checked(events: readonly BookingEvent[]): readonly (readonly [BookingEvent, number])[] {
    const { clock, maxAheadMs } = this.#settings;
    try {
      return events.map((event) => {
        validateBooking(event.subLocationId, event, clock.now(), maxAheadMs);
        return [{ ...event }, eventSize(event)];
      });
    } catch (error) {
      this.#counts.invalid += events.length;
      throw error;
    }
  }

  #offer(
    events: readonly (readonly [BookingEvent, number])[],
    awaited: boolean,
  ): readonly PendingEvent[] | PublishError {
    if (this.#closing !== undefined)
      return new PublishError("CLOSED", "the booking publisher is closed", "unsent");
    const now = this.#settings.clock.monotonic();
    const pending = events.map(([event, bytes]) => pendingEvent(event, bytes, awaited, now));
    if (!this.#buffer.offer(pending))
      return new PublishError(
        "BUFFER_FULL",
        `${this.#buffer.records} booking events (${this.#buffer.bytes} bytes) wait for Kafka already`,
        "unsent",
      );
    this.#counts.accepted += pending.length;
    for (const one of pending) void one.outcome.then((outcome) => this.#count(one, outcome));
    this.#loop.wake();
    return pending;
  }

  #count({ event, awaited }: PendingEvent, outcome: Outcome): void {
    if (outcome === undefined) this.#counts.sent++;
    else if (outcome.code === "DELIVERY_TIMEOUT") this.#counts.expired++;
    else if (outcome.code === "CLOSED") this.#counts.unsent++;
    else {
      this.#counts.refused++;
      this.#settings.log("error", outcome.message, { eventId: event.eventId, action: event.action });
      if (!awaited) this.#tell(event, "REFUSED");
    }
  }

  #drop(event: BookingEvent, reason: DropReason): void {
    this.#counts.dropped++;
    this.#tell(event, reason);
  }

  #tell(event: BookingEvent, reason: DropReason): void {
    try {
      this.#settings.onDropped(event, reason);
    } catch (error) {
      this.#settings.log("error", `onDropped threw: ${String(error)}`);
    }
  }

  #expire(events: readonly PendingEvent[]): void {
    for (const pending of events) {
      const error = new PublishError(
        "DELIVERY_TIMEOUT",
        `booking "${pending.event.eventId}" was not acknowledged within ${this.#settings.publishTimeoutMs} ms`,
        pending.attempted ? "maybeSent" : "unsent",
        { cause: this.#loop.lastError },
      );
      this.#buffer.settle(pending, error);
    }
  }

  async #close(timeoutMs: number): Promise<CloseReport> {
    const { clock, log } = this.#settings;
    this.#parts.onClose?.();
    await within(clock, timeoutMs, this.flush());
    await within(clock, partingMs, this.#loop.stop());
    const left = this.#buffer.all();
    for (const pending of left)
      this.#buffer.settle(
        pending,
        new PublishError(
          "CLOSED",
          `the booking publisher was closed before booking "${pending.event.eventId}" was acknowledged`,
          pending.attempted ? "maybeSent" : "unsent",
          { cause: this.#loop.lastError },
        ),
      );
    if (left.length > 0) log("error", `${left.length} booking events are not acknowledged and given up`);
    if (this.#parts.onClose !== undefined)
      await within(
        clock,
        partingMs,
        this.#parts.transport.close().catch(() => undefined),
      );
    const eventsThat = (attempted: boolean): readonly BookingEvent[] =>
      left.filter((pending) => pending.attempted === attempted).map(({ event }) => event);
    return { unsent: eventsThat(false), uncertain: eventsThat(true) };
  }
}
