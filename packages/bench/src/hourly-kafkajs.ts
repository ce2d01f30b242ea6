import { schemaRegistry } from "@millrace/avro";
import { type EachBatchPayload, Kafka, logLevel, type Message } from "kafkajs";
import { bookingsTopic, type HourlyTotal, totalsTopic } from "./hourly-topics.ts";
import { MeasuredProcess } from "./measured-process.ts";
import type { HourlyJob } from "./hourly-job.ts";

// The hourly aggregation as one writes it on kafkajs alone. Under exactly once each fetched batch is a transaction: its
// totals and its offset. What it counts is in this process's memory and nowhere else: it has no changelog, survives no
// restart and no rebalance, and closes no hour. Its argument is the job.

const job = JSON.parse(process.argv[2] ?? "{}") as HourlyJob;
const hourMs = 3_600_000;
const exactlyOnce = job.guarantee === "exactly_once";

const registry = schemaRegistry({ url: job.registryUrl });
const { value: bookings } = bookingsTopic(registry, job.input);
const { value: totals } = totalsTopic(registry, job.output);
await bookings.start?.({ topic: job.input, part: "value", use: "source" });
await totals.start?.({ topic: job.output, part: "value", use: "sink" });

const client = new Kafka({ brokers: job.brokers.split(","), logLevel: logLevel.WARN });
const consumer = client.consumer({ groupId: job.applicationId, readUncommitted: false });
const producer = client.producer(
  exactlyOnce ? { idempotent: true, maxInFlightRequests: 1, transactionalId: job.applicationId } : {},
);
const measured = new MeasuredProcess();
const byHour = new Map<number, Map<string, HourlyTotal>>();

const eachBatch = async (given: EachBatchPayload): Promise<void> => {
  const { batch } = given;
  const changed = new Map<string, HourlyTotal>();
  for (const { key, value, timestamp } of batch.messages) {
    measured.record();
    if (key === null || value === null) continue;
    const preparing = bookings.prepare?.(value, 0, value.length);
    if (preparing !== undefined) await preparing;
    const { attendees } = bookings.deserialize(value, 0, value.length);
    const subLocationId = key.toString();
    const at = Number(timestamp);
    const hour = at - (at % hourMs);
    const ofHour = byHour.get(hour) ?? new Map<string, HourlyTotal>();
    byHour.set(hour, ofHour);
    const before = ofHour.get(subLocationId);
    const total = {
      subLocationId,
      hour,
      bookingsCount: (before?.bookingsCount ?? 0) + 1,
      totalAttendees: (before?.totalAttendees ?? 0) + (attendees ?? 0),
    };
    ofHour.set(subLocationId, total);
    changed.set(`${hour}/${subLocationId}`, total);
  }
  const messages: Message[] = [...changed.values()].map((total) => ({
    key: total.subLocationId,
    value: Buffer.from(totals.serialize(total) ?? []),
    timestamp: String(total.hour),
  }));
  const next = String(Number(batch.lastOffset()) + 1);
  if (exactlyOnce) {
    const transaction = await producer.transaction();
    await transaction.send({ topic: job.output, messages });
    await transaction.sendOffsets({
      consumerGroupId: job.applicationId,
      topics: [{ topic: job.input, partitions: [{ partition: batch.partition, offset: next }] }],
    });
    await transaction.commit();
  } else {
    await producer.send({ topic: job.output, messages });
    await consumer.commitOffsets([{ topic: job.input, partition: batch.partition, offset: next }]);
  }
  given.resolveOffset(batch.lastOffset());
  await given.heartbeat();
};

await Promise.all([consumer.connect(), producer.connect()]);
await consumer.subscribe({ topic: job.input, fromBeginning: true });
const crashed = new Promise((_, reject) =>
  consumer.on("consumer.crash", ({ payload }) => reject(payload.error)),
);
await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch });
await measured.untilTold(job.records, crashed, async () => {
  await consumer.disconnect();
  await producer.disconnect();
});
