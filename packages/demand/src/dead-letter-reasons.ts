import type { InvalidBookingCode } from "@millrace/venue";
import { avroDeadLetterReasons } from "@millrace/venue/service";

/** All of them, so that the compiler asks for a new one. */
const bookingCodes: Readonly<Record<InvalidBookingCode, true>> = {
  EMPTY_SUB_LOCATION: true,
  EMPTY_EVENT_ID: true,
  DIFFERENT_BOOKING: true,
  KEY_MISMATCH: true,
  NEGATIVE_ATTENDEES: true,
  NEGATIVE_TIMESTAMP: true,
  TOO_FAR_AHEAD: true,
  NOT_ENCODABLE: true,
};

/** Why an event can be dead-lettered. */
export const deadLetterReasons: readonly string[] = [...Object.keys(bookingCodes), ...avroDeadLetterReasons];
