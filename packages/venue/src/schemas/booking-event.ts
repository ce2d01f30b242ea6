// Generated from schemas/booking-event.avsc by packages/venue/generate-schemas.ts; do not edit.
import type { AvroSchema } from "@millrace/avro";

/** Something happened to a booking. */
export interface BookingEvent {
  /** The booking's id: the same on its CREATED, UPDATED and DELETED. */
  readonly eventId: string;
  readonly action: "CREATED" | "UPDATED" | "DELETED";
  /** When the action happened; also the record's timestamp. ms since the epoch */
  readonly timestamp: number;
  readonly subLocationId: string;
  readonly locationId: string | null;
  readonly eventName: string;
  /** Of the booked event, not of the action. ms since the epoch */
  readonly startDate: number;
  /** ms since the epoch */
  readonly endDate: number;
  /** Absolute, after the action. */
  readonly attendees: number | null;
  /** attendees - previousAttendees, informative. */
  readonly capacityDelta: number | null;
  readonly previousAttendees: number | null;
}

/** schemas/booking-event.avsc */
export const bookingEventSchema: AvroSchema<BookingEvent> = {
  "type": "record",
  "name": "BookingEvent",
  "namespace": "venue",
  "doc": "Something happened to a booking.",
  "fields": [
    {
      "name": "eventId",
      "type": "string",
      "doc": "The booking's id: the same on its CREATED, UPDATED and DELETED."
    },
    {
      "name": "action",
      "type": {
        "type": "enum",
        "name": "BookingAction",
        "symbols": [
          "CREATED",
          "UPDATED",
          "DELETED"
        ]
      }
    },
    {
      "name": "timestamp",
      "type": {
        "type": "long",
        "logicalType": "timestamp-millis"
      },
      "doc": "When the action happened; also the record's timestamp."
    },
    {
      "name": "subLocationId",
      "type": "string"
    },
    {
      "name": "locationId",
      "type": [
        "null",
        "string"
      ],
      "default": null
    },
    {
      "name": "eventName",
      "type": "string"
    },
    {
      "name": "startDate",
      "type": {
        "type": "long",
        "logicalType": "timestamp-millis"
      },
      "doc": "Of the booked event, not of the action."
    },
    {
      "name": "endDate",
      "type": {
        "type": "long",
        "logicalType": "timestamp-millis"
      }
    },
    {
      "name": "attendees",
      "type": [
        "null",
        "int"
      ],
      "default": null,
      "doc": "Absolute, after the action."
    },
    {
      "name": "capacityDelta",
      "type": [
        "null",
        "int"
      ],
      "default": null,
      "doc": "attendees - previousAttendees, informative."
    },
    {
      "name": "previousAttendees",
      "type": [
        "null",
        "int"
      ],
      "default": null
    }
  ]
};
