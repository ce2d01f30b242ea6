import type { SchemaRegistry } from "@millrace/avro";
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
  const count = (await transport.describeTopics([name])).get(name)?.partitions ?? 0;
  const partitions = Array.from({ length: count }, (_, partition) => ({ topic: name, partition }));
  const ends = await transport.listOffsets(partitions, "latest", true);
  const unread = new Map(
    ends.flatMap(({ partition, offset }) => (offset > 0 ? [[partition.partition, offset]] : [])),
  );
  const events: BookingEvent[] = [];
  let wake: (() => void) | undefined;
  const fetcher = transport.createFetcher({
    readCommitted: true,
    maxWaitMs: 250,
    maxBytesPerPartition: 1 << 20,
    maxBytes: 8 << 20,
    maxBufferedBytesPerPartition: 2 << 20,
    maxBufferedBytes: 64 << 20,
    onAvailable: () => wake?.(),
  });
  for (const partition of unread.keys()) fetcher.add(name, partition, 0);
  while (unread.size > 0) {
    const more = new Promise<void>((resolve) => (wake = resolve));
    let took = false;
    for (const [partition, end] of unread) {
      const chunk = fetcher.take(name, partition);
      if (chunk === undefined) continue;
      took = true;
      while (chunk.records.advance()) {
        const { buffer, valueStart, valueEnd } = chunk.records;
        await value.prepare?.(buffer, valueStart, valueEnd);
        events.push(value.deserialize(buffer, valueStart, valueEnd));
      }
      if (chunk.nextOffset >= end) unread.delete(partition);
    }
    if (!took) await more;
  }
  await fetcher.close();
  return events;
};
