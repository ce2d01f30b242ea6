import { avroBinary } from "@millrace/avro";
import { type BookingEvent, bookingEventSchema } from "../schemas/booking-event.ts";
import { InvalidBookingError } from "../validate-booking.ts";

const body = avroBinary(bookingEventSchema);
/** Before the body: magic and schema id. */
const framingBytes = 5;

/**
 * Bytes of an event's key and value as they will be sent. Throws an InvalidBookingError NOT_ENCODABLE for one that does
 * not fit the schema: known at once, though the registry that gives the schema its id may be out of reach.
 */
export const eventSize = (event: BookingEvent): number => {
  try {
    const value = body.serialize(event)?.length ?? 0;
    return Buffer.byteLength(event.subLocationId) + framingBytes + value;
  } catch (error) {
    throw new InvalidBookingError(
      "NOT_ENCODABLE",
      `booking "${event.eventId}": ${error instanceof Error ? error.message : String(error)}`,
    );
  }
};
