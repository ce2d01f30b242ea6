import type { SchemaRegistry } from "@millrace/avro";
import { noHeaders, partitionForKey, type RecordProducer, type Transport } from "@millrace/streams";
import { bookingEventsDefaults, bookingEventsTopic } from "./topics.ts";
import type { BookingEvent } from "./schemas/booking-event.ts";
import { validateBooking } from "./validate-booking.ts";

export interface BookingPublisherOptions {
  readonly transport: Transport;
  readonly registry: SchemaRegistry;
  readonly topic?: string;
  /** How far ahead of this clock an event may be, ms; 300,000. */
  readonly maxAheadMs?: number;
  /** How long events are gathered before they are sent together, ms; 5. */
  readonly lingerMs?: number;
}

/** Publishes booking events: checked, keyed by sub-location, each once (idempotent producer). */
export interface BookingPublisher {
  /**
   * Resolves when the event is in Kafka, on all in-sync replicas. Rejects with an InvalidBookingError for one that
   * consumers would refuse, and with a TransportError when it could not be delivered.
   */
  publish(event: BookingEvent): Promise<void>;
  /** Resolves when everything published so far is in Kafka. */
  flush(): Promise<void>;
  /** Flushes, and closes the producer. The transport stays open: it is the caller's. */
  close(): Promise<void>;
}

interface Waiting {
  readonly event: BookingEvent;
  readonly value: Uint8Array;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A publisher over a connected transport. Registers the schema, and reads the topic's limits, before it resolves. */
export const createBookingPublisher = async (options: BookingPublisherOptions): Promise<BookingPublisher> => {
  const { transport, registry, topic: name = bookingEventsDefaults.defaultName } = options;
  const { maxAheadMs = 300_000, lingerMs = 5 } = options;
  const topic = bookingEventsTopic({ registry, name });
  await topic.value.start?.({ topic: name, part: "value", use: "sink" });
  const partitions = (await transport.describeTopics([name])).get(name)?.partitions;
  if (partitions === undefined)
    throw new Error(
      `topic "${name}" does not exist; create it: kafka-topics.sh --bootstrap-server BROKER --create --topic ${name} ` +
        `--partitions ${bookingEventsDefaults.partitions} --config retention.ms=${bookingEventsDefaults.retentionMs}`,
    );
  const open = async (): Promise<RecordProducer> => {
    const made = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
    await made.prepareTopics([name]);
    return made;
  };
  let producer = await open();
  let waiting: Waiting[] = [];
  let sending: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const sendAll = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      for (const { event, value } of batch) {
        const key = Buffer.from(event.subLocationId, "utf8");
        producer.append(name, partitionForKey(key, partitions), key, value, event.timestamp, noHeaders);
      }
      await producer.flush();
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
      // Its sequence numbers are no longer certain: a new one starts afresh.
      await producer.close();
      producer = await open();
    }
  };
  const send = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    sending = sending.then(sendAll, sendAll);
    return sending;
  };

  return {
    publish: async (event) => {
      if (closed) throw new Error("the booking publisher is closed");
      validateBooking(event.subLocationId, event, Date.now(), maxAheadMs);
      const value = topic.value.serialize(event);
      if (value === null) throw new Error("a booking event can't be null");
      await new Promise<void>((resolve, reject) => {
        waiting.push({ event, value, resolve, reject });
        timer ??= setTimeout(() => void send(), lingerMs);
      });
    },
    flush: send,
    close: async () => {
      closed = true;
      await send();
      await producer.close();
    },
  };
};
