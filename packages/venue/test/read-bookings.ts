import type { SchemaRegistry } from "@millrace/avro";
import { partitionsOf, readToEnd } from "@millrace/devstack";
import type { Transport } from "@millrace/streams";
import type { BookingEvent } from "../src/schemas/booking-event.ts";
import { bookingEventsTopic } from "../src/topics.ts";

/** All that a topic of bookings holds now, in order per partition. */
export const readBookings = async (
  transport: Transport,
  registry: SchemaRegistry,
  name: string,
): Promise<readonly BookingEvent[]> => {
  const { value } = bookingEventsTopic({ registry, name });
  const values: Buffer[] = [];
  await readToEnd(transport, await partitionsOf(transport, [name]), ({ buffer, valueStart, valueEnd }) => {
    values.push(buffer.subarray(valueStart, valueEnd));
  });
  const events: BookingEvent[] = [];
  for (const bytes of values) {
    await value.prepare?.(bytes, 0, bytes.length);
    events.push(value.deserialize(bytes, 0, bytes.length));
  }
  return events;
};
