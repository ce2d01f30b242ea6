import type { SchemaRegistry } from "@millrace/avro";
import { MillraceError, noHeaders, partitionForKey, type Transport } from "@millrace/streams";
import type { BookingEvent } from "../schemas/booking-event.ts";
import { bookingEventsDefaults, bookingEventsTopic } from "../topics.ts";
import { recordTime, timestampLimits } from "./timestamp-limits.ts";

/** An idempotent producer of booking events. Its first failure is its last: close it, and open another. */
export interface EventProducer {
  /** Throws a TransportError MESSAGE_TOO_LARGE for an event that no batch takes; then it is not appended. */
  append(event: BookingEvent): void;
  /** Resolves when what was appended is on all in-sync replicas. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface EventProducerOptions {
  readonly transport: Transport;
  readonly registry: SchemaRegistry;
  readonly topic: string;
  /** Whether the transport still has to be connected. */
  readonly connect: boolean;
}

/**
 * Answers how to open a producer. The first time it also connects and registers the schema; each time it
 * looks at the topic, so that one that was created or has got partitions since is seen.
 */
export const eventProducers = (options: EventProducerOptions): (() => Promise<EventProducer>) => {
  const { transport, registry, topic: name, connect } = options;
  const topic = bookingEventsTopic({ registry, name });
  let ready = false;
  return async () => {
    if (!ready) {
      if (connect) await transport.connect();
      await topic.value.start?.({ topic: name, part: "value", use: "sink" });
      ready = true;
    }
    const partitions = (await transport.describeTopics([name])).get(name)?.partitions;
    if (partitions === undefined) throw missing(name);
    const limits = await timestampLimits(transport, name);
    const producer = await transport.createProducer({ transactionTimeoutMs: 10_000, compression: "none" });
    try {
      await producer.prepareTopics([name]);
    } catch (error) {
      await producer.close();
      throw error;
    }
    return {
      append: (event) => {
        const key = Buffer.from(event.subLocationId, "utf8");
        const value = topic.value.serialize(event);
        const timestamp = recordTime(event.timestamp, Date.now(), limits);
        producer.append(name, partitionForKey(key, partitions), key, value, timestamp, noHeaders);
      },
      flush: async () => {
        await producer.flush();
      },
      close: () => producer.close(),
    };
  };
};

const missing = (name: string): MillraceError =>
  new MillraceError(
    `topic "${name}" does not exist; create it: kafka-topics.sh --bootstrap-server BROKER --create --topic ${name} ` +
      `--partitions ${bookingEventsDefaults.partitions} --config retention.ms=${bookingEventsDefaults.retentionMs}`,
    { code: "MISSING_TOPIC" },
  );
