import { type Clock, type Log, MillraceError, systemClock } from "@millrace/streams";
import type { BookingEvent } from "../schemas/booking-event.ts";

/** Why an event that nobody awaited was given up. */
export type DropReason = "BUFFER_FULL" | "CLOSED" | "REFUSED";

/** How long and how much a publisher keeps what Kafka has not taken yet. */
export interface DeliverySettings {
  /** How long events are gathered before they are sent together, ms; 5. */
  readonly lingerMs?: number;
  /** After this long without an acknowledgement an awaited event is given up, ms; 10,000. */
  readonly publishTimeoutMs?: number;
  /** How many events may wait for their acknowledgement; 10,000. */
  readonly maxBufferedRecords?: number;
  /** And how many bytes they may be, as sent; 16 MiB. */
  readonly maxBufferedBytes?: number;
  /** Longest wait between two attempts while Kafka or the registry is down, ms; 5,000. */
  readonly maxBackOffMs?: number;
  /** `healthy` turns false when an event has waited for this long, ms; 5,000. */
  readonly unhealthyAfterMs?: number;
  /** How far ahead of the clock an event may be, ms; 300,000. */
  readonly maxAheadMs?: number;
  /** Handed every event of `emit` that will not be delivered: keep it, or say so. It must not throw. */
  readonly onDropped?: (event: BookingEvent, reason: DropReason) => void;
  readonly log?: Log;
  readonly clock?: Clock;
}

/** Fills in the defaults. Throws a MillraceError `CONFIG` that names what can't work. */
export const deliverySettings = (given: DeliverySettings): Required<DeliverySettings> => {
  const settings: Required<DeliverySettings> = {
    lingerMs: given.lingerMs ?? 5,
    publishTimeoutMs: given.publishTimeoutMs ?? 10_000,
    maxBufferedRecords: given.maxBufferedRecords ?? 10_000,
    maxBufferedBytes: given.maxBufferedBytes ?? 16 * 1024 * 1024,
    maxBackOffMs: given.maxBackOffMs ?? 5_000,
    unhealthyAfterMs: given.unhealthyAfterMs ?? 5_000,
    maxAheadMs: given.maxAheadMs ?? 300_000,
    onDropped: given.onDropped ?? (() => undefined),
    log: given.log ?? (() => undefined),
    clock: given.clock ?? systemClock,
  };
  for (const [name, value] of Object.entries(settings))
    if (typeof value === "number" && !(value >= 0))
      throw new MillraceError(`${name} is ${value}; it must be 0 or more`, { code: "CONFIG" });
  return settings;
};
