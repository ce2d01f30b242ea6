import type { BookingEvent } from "../schemas/booking-event.ts";
import type { BookingLifecycle } from "./booking-lifecycle.ts";
import type { PublisherCounters } from "./publisher-counters.ts";

/** What `close` could not get acknowledged. */
export interface CloseReport {
  /** Not in Kafka. */
  readonly unsent: readonly BookingEvent[];
  /** Sent, and not acknowledged: they may be in Kafka. Sending them again is harmless. */
  readonly uncertain: readonly BookingEvent[];
}

/**
 * Publishes booking events from an idempotent producer, keyed by sub-location, in the order of the calls. While Kafka
 * is down they wait here, within bounds, and are sent when it is back; nothing blocks meanwhile. After a failure
 * that leaves open whether they arrived they are sent again: harmless, whoever counts bookings counts an (eventId,
 * action, timestamp) once.
 *
 * `bookingCreated`, `bookingUpdated` and `bookingDeleted` emit; those of `acknowledged` publish.
 */
export interface BookingPublisher extends BookingLifecycle<boolean> {
  /** The same, awaited: resolves when Kafka has the event, and rejects like `publish`. */
  readonly acknowledged: BookingLifecycle<Promise<void>>;
  /**
   * Resolves when the event is in Kafka, on all in-sync replicas. Rejects with an InvalidBookingError for one that
   * consumers would refuse, and with a PublishError when it was not acknowledged in time, is refused, or finds no room.
   */
  publish(event: BookingEvent): Promise<void>;
  /**
   * Accepts an event for delivery, however long that takes. False: it is dropped, because too much is waiting or the
   * publisher is closed, and `onDropped` has been told. Throws an InvalidBookingError.
   */
  emit(event: BookingEvent): boolean;
  /** Connects now instead of at the first event; one attempt, which rejects with what is in the way. */
  connect(): Promise<void>;
  /** Resolves when nothing that was accepted so far is waiting any more, however that ended. */
  flush(): Promise<void>;
  /** Takes no more, flushes for at most `timeoutMs` (10,000), and reports what is left. Never rejects. */
  close(options?: { readonly timeoutMs?: number }): Promise<CloseReport>;
  /** False while attempts fail, or when an event has been waiting for too long. */
  readonly healthy: boolean;
  /** Why the last attempt failed; undefined after one that succeeded. */
  readonly lastError: unknown;
  /** As they stand. */
  readonly counters: PublisherCounters;
}
